/** What PUT …/certificate takes: a certificate as PEM, or anything else as its SHA-256. */
export const certificateBody = (given: string): { readonly pem: string } | { readonly sha256: string } =>
  given.includes('-----BEGIN') ? { pem: given.trim() } : { sha256: given.replace(/[\s:]/g, '').toLowerCase() };
