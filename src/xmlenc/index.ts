/**
 * Owns decryption of XML as SAML uses it: one encrypted assertion, AES content, keys wrapped with RSA-OAEP.
 * Encryption proves nothing about who sent a message: anyone can encrypt to a public key. Does not own
 * signatures, nor what is inside; the plaintext is for the strict reader. Called by saml/.
 */

export { type DecryptPolicy, decryptElement } from './decrypt-element.ts'
export { type DecryptKey, importDecryptKey } from './decrypt-key.ts'
export { type DecryptDefect, type XmlencFailure, xmlencErrors } from './errors.ts'
