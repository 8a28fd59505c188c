import COpenSSL

/// Signatures with Ed25519 (RFC 8032).
package enum Ed25519 {
    package static let seedByteCount = 32
    package static let publicKeyByteCount = 32
    package static let signatureByteCount = 64

    package struct PrivateKey: Sendable {
        /// The 32 bytes that the key is made of, as they are kept in a key file.
        package let seed: SecretBytes
        package let publicKey: PublicKey
        // Kept: making it costs as much as a signature.
        private let handle: KeyHandle

        package init(seed: SecretBytes) throws(CryptographyError) {
            guard seed.count == Ed25519.seedByteCount else {
                throw .wrongLength(expected: Ed25519.seedByteCount, actual: seed.count)
            }
            self.seed = seed
            handle = try KeyHandle(
                "EVP_PKEY_new_raw_private_key",
                seed.withUnsafeBytes { EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.octets, $0.count) }
            )
            publicKey = try PublicKey(bytes: handle.publicBytes())
        }

        package static func generate() throws(CryptographyError) -> PrivateKey {
            try PrivateKey(seed: .random(count: Ed25519.seedByteCount))
        }

        package func sign(_ message: some Collection<UInt8>) throws(CryptographyError) -> [UInt8] {
            let context = try SigningContext()
            guard EVP_DigestSignInit(context.pointer, nil, nil, nil, handle.pointer) == 1 else {
                throw .fromLibrary("EVP_DigestSignInit")
            }
            var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
            var count = signature.count
            let status = withContiguousBytes(of: message) { message in
                EVP_DigestSign(context.pointer, &signature, &count, message.octets, message.count)
            }
            guard status == 1, count == signature.count else { throw .fromLibrary("EVP_DigestSign") }
            return signature
        }
    }

    package struct PublicKey: Sendable, Hashable {
        package let bytes: [UInt8]

        package init(bytes: some Collection<UInt8>) throws(CryptographyError) {
            guard bytes.count == Ed25519.publicKeyByteCount else {
                throw .wrongLength(expected: Ed25519.publicKeyByteCount, actual: bytes.count)
            }
            self.bytes = Array(bytes)
        }

        /// `false` for whatever is no signature of this message under this key, a signature of another length included.
        package func isValid(signature: some Collection<UInt8>, for message: some Collection<UInt8>) -> Bool {
            guard signature.count == Ed25519.signatureByteCount, let isValid = try? verify(Array(signature), message)
            else { return false }
            return isValid
        }

        private func verify(
            _ signature: [UInt8],
            _ message: some Collection<UInt8>
        ) throws(CryptographyError) -> Bool {
            let handle = try KeyHandle(
                "EVP_PKEY_new_raw_public_key",
                EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
            )
            let context = try SigningContext()
            guard EVP_DigestVerifyInit(context.pointer, nil, nil, nil, handle.pointer) == 1 else {
                throw .fromLibrary("EVP_DigestVerifyInit")
            }
            let status = withContiguousBytes(of: message) { message in
                EVP_DigestVerify(context.pointer, signature, signature.count, message.octets, message.count)
            }
            // A signature that does not verify leaves an error behind; see `CryptographyError.fromLibrary`.
            if status != 1 { ERR_clear_error() }
            return status == 1
        }
    }
}

/// Owns a key of the library. It is not written to after it was made, so that any thread may use it.
private final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ operation: String, _ pointer: OpaquePointer?) throws(CryptographyError) {
        guard let pointer else { throw .fromLibrary(operation) }
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    func publicBytes() throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Ed25519.publicKeyByteCount)
        var count = bytes.count
        guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1, count == bytes.count else {
            throw .fromLibrary("EVP_PKEY_get_raw_public_key")
        }
        return bytes
    }
}

/// Owns what one signature or verification needs.
private final class SigningContext {
    let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let pointer = EVP_MD_CTX_new() else { throw .fromLibrary("EVP_MD_CTX_new") }
        self.pointer = pointer
    }

    deinit {
        EVP_MD_CTX_free(pointer)
    }
}
