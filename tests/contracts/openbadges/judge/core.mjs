// Verifies credentials offline with @digitalcredentials/verifier-core (what VerifierPlus and the
// Learner Credential Wallet use), and JWTs with jose.
//
// stdin:  {"documents": {address: document}, "credentials": [...], "tokens": [...], "now": "..."}
// stdout: {"results": [{"errors": [name], "log": {step: bool}, "schema": bool}],
//          "tokens": [{"verified": bool, "reason": text, "alg": text}]}
//
// The library fetches with the global fetch: it is replaced before the library is loaded, and
// answers from stdin alone.
import {readFileSync} from 'node:fs';

const job = JSON.parse(readFileSync(0, 'utf8'));

globalThis.fetch = async request => {
  const url = String(request?.url ?? request);
  const document = job.documents[url];
  if(document === undefined) {
    return new Response('{}', {status: 404, headers: {'Content-Type': 'application/json'}});
  }
  return new Response(JSON.stringify(document), {
    status: 200, headers: {'Content-Type': 'application/json'}
  });
};
console.log = console.error;

const core = await import('@digitalcredentials/verifier-core');
const jose = await import('jose');

async function judge(credential) {
  const found = await core.verifyCredential({credential, knownDIDRegistries: []});
  const log = Object.fromEntries((found.log ?? []).map(
    step => [step.id, step.error ? step.error.name : step.valid]));
  const schemas = (found.additionalInformation ?? []).flatMap(
    entry => Array.isArray(entry.results) ? entry.results : []);
  return {
    errors: (found.errors ?? []).map(error => `${error.name}: ${error.message}`),
    log, schema: schemas.length > 0 && schemas.every(({result}) => result.valid)
  };
}

async function judgeToken(token) {
  try {
    const {kid} = jose.decodeProtectedHeader(token);
    const [did] = kid.split('#');
    const document = job.documents[did];
    const method = document.verificationMethod.find(({id}) => id === kid);
    if(!document.assertionMethod.includes(kid) || method.controller !== did) {
      throw new Error('the key is not for assertions of this issuer');
    }
    const key = await jose.importJWK(method.publicKeyJwk, method.publicKeyJwk.alg);
    const {payload, protectedHeader} = await jose.jwtVerify(token, key, {
      issuer: did, typ: 'JWT', algorithms: ['ES256', 'RS256'], currentDate: new Date(job.now)
    });
    return {verified: true, reason: '', alg: protectedHeader.alg, id: payload.id};
  } catch(error) {
    return {verified: false, reason: error.message, alg: '', id: ''};
  }
}

const results = [];
for(const credential of job.credentials ?? []) {
  results.push(await judge(credential));
}
const tokens = [];
for(const token of job.tokens ?? []) {
  tokens.push(await judgeToken(token));
}
process.stdout.write(JSON.stringify({results, tokens}) + '\n');
