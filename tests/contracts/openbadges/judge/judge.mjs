// Verifies credentials offline with @digitalbazaar/vc, a program that Lantern's authors did not write.
//
// stdin:  {"documents": {address: document}, "dids": {did: document}, "credentials": [...],
//          "now": "2026-11-20T12:00:00Z"}
// stdout: {"results": [{"verified": bool, "revoked": bool, "reason": text}]}
//
// Every address that is asked for comes from stdin; anything else is refused, so a verdict never
// depends on the network. JSON-LD safe mode is on (the library's default for credentials).
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {readFileSync} from 'node:fs';

const job = JSON.parse(readFileSync(0, 'utf8'));

function dereference(url) {
  const [address, fragment] = url.split('#');
  const did = job.dids[address];
  if(!did || !fragment) {
    return did ?? job.documents[url];
  }
  const method = did.verificationMethod.find(({id}) => id === url);
  return method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

async function documentLoader(url) {
  const document = dereference(url);
  if(!document) {
    throw new Error(`the judge was not given ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
}

function reasonOf(error) {
  if(!error) {
    return '';
  }
  const inner = [...(error.errors ?? []), error.cause].filter(Boolean).map(reasonOf);
  return [error.message, ...inner].filter(Boolean).join(' / ');
}

async function judge(credential) {
  try {
    const result = await vc.verifyCredential({
      credential, documentLoader, now: job.now ? new Date(job.now) : new Date(),
      suite: new DataIntegrityProof({cryptosuite}),
      checkStatus: options => checkStatus({
        ...options, verifyBitstringStatusListCredential: true, verifyMatchingIssuers: true
      })
    });
    const statuses = result.statusResult?.results ?? [];
    return {
      verified: result.verified,
      revoked: statuses.some(({status}) => status === true),
      reason: reasonOf(result.error) || reasonOf(result.statusResult?.error)
    };
  } catch(error) {
    return {verified: false, revoked: false, reason: reasonOf(error)};
  }
}

const results = [];
for(const credential of job.credentials) {
  results.push(await judge(credential));
}
process.stdout.write(JSON.stringify({results}) + '\n');
