// Signs credentials with @digitalbazaar/vc and says how long it took: the peer of our benchmark.
//
// stdin:  {"documents": {address: document}, "credentials": [...],
//          "key": {id, controller, publicKeyMultibase, secretKeyMultibase}}
// stdout: {"seconds": number, "signed": number, "sample": first credential}
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {readFileSync} from 'node:fs';

const job = JSON.parse(readFileSync(0, 'utf8'));

async function documentLoader(url) {
  const document = job.documents[url];
  if(!document) {
    throw new Error(`the issuer was not given ${url}`);
  }
  // The tag lets jsonld.js keep the processed context, as our own loader does.
  return {contextUrl: null, documentUrl: url, document, tag: 'static'};
}

const key = await Ed25519Multikey.from({type: 'Multikey', ...job.key});
const now = new Date(job.credentials[0].validFrom);

function issue(credential) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite, date: now});
  return vc.issue({credential: structuredClone(credential), suite, documentLoader, now});
}

const sample = await issue(job.credentials[0]);
for(const credential of job.credentials.slice(0, 10)) {
  await issue(credential);
}
const began = performance.now();
for(const credential of job.credentials) {
  await issue(credential);
}
const seconds = (performance.now() - began) / 1000;
process.stdout.write(JSON.stringify({seconds, signed: job.credentials.length, sample}) + '\n');
