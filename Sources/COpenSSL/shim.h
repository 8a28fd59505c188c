#pragma once
// The low-level SHA-256 calls are deprecated in OpenSSL 3 in favour of EVP, which costs a fetch, or a heap context, for
// every hash of a few hundred bytes.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
