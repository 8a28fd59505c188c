import COpenSSL

/// Encryption that shows tampering: AES-256-GCM (NIST SP 800-38D).
///
/// Sealed bytes are nonce (12) ‖ ciphertext ‖ tag (16). The nonce is random: SP 800-38D, section 8.3, allows one key to
/// seal 2^32 messages that way.
package enum AEAD {
    package static let keyByteCount = 32
    package static let nonceByteCount = 12
    package static let tagByteCount = 16
    /// What sealing adds to the length.
    package static let overheadByteCount = nonceByteCount + tagByteCount

    /// - Parameter associated: is bound to the message and not stored with it, such as the row that it belongs to.
    package static func seal(
        _ message: some Collection<UInt8>,
        key: SecretBytes,
        associated: some Collection<UInt8> = EmptyCollection<UInt8>()
    ) throws(CryptographyError) -> [UInt8] {
        let nonce = SecureRandom.bytes(nonceByteCount)
        let cipher = try GCM(encrypting: true, key: key, nonce: nonce)
        try cipher.authenticate(Array(associated))
        let ciphertext = try cipher.process(Array(message))
        return nonce + ciphertext + (try cipher.finishSealing())
    }

    /// - Throws: `CryptographyError.notAuthentic` where key, associated data or any byte differs.
    package static func open(
        _ sealed: some Collection<UInt8>,
        key: SecretBytes,
        associated: some Collection<UInt8> = EmptyCollection<UInt8>()
    ) throws(CryptographyError) -> [UInt8] {
        let sealed = Array(sealed)
        guard sealed.count >= overheadByteCount else { throw .notAuthentic }
        let cipher = try GCM(encrypting: false, key: key, nonce: Array(sealed.prefix(nonceByteCount)))
        try cipher.authenticate(Array(associated))
        let message = try cipher.process(Array(sealed.dropFirst(nonceByteCount).dropLast(tagByteCount)))
        try cipher.finishOpening(tag: Array(sealed.suffix(tagByteCount)))
        return message
    }
}

/// One run of the cipher. A class, so that the library's context is freed on every way out.
private final class GCM {
    private let context: OpaquePointer
    private let isEncrypting: Bool

    init(encrypting: Bool, key: SecretBytes, nonce: [UInt8]) throws(CryptographyError) {
        guard key.count == AEAD.keyByteCount else {
            throw .wrongLength(expected: AEAD.keyByteCount, actual: key.count)
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw .fromLibrary("EVP_CIPHER_CTX_new") }
        self.context = context
        isEncrypting = encrypting
        // 96 bits is the nonce's length unless another one is set.
        let status = key.withUnsafeBytes { key in
            EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key.octets, nonce, encrypting ? 1 : 0)
        }
        guard status == 1 else { throw .fromLibrary("EVP_CipherInit_ex") }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    func authenticate(_ associated: [UInt8]) throws(CryptographyError) {
        guard !associated.isEmpty else { return }
        guard let count = Int32(exactly: associated.count) else { throw .tooLong }
        var written: Int32 = 0
        guard EVP_CipherUpdate(context, nil, &written, associated, count) == 1 else {
            throw .fromLibrary("EVP_CipherUpdate")
        }
    }

    func process(_ input: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard !input.isEmpty else { return [] }
        guard let count = Int32(exactly: input.count) else { throw .tooLong }
        var output = [UInt8](repeating: 0, count: input.count)
        var written: Int32 = 0
        guard EVP_CipherUpdate(context, &output, &written, input, count) == 1, written == count else {
            throw .fromLibrary("EVP_CipherUpdate")
        }
        return output
    }

    func finishSealing() throws(CryptographyError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: AEAD.tagByteCount)
        guard finish(), control(EVP_CTRL_AEAD_GET_TAG, &tag) else { throw .fromLibrary("EVP_CipherFinal_ex") }
        return tag
    }

    func finishOpening(tag: [UInt8]) throws(CryptographyError) {
        var tag = tag
        guard control(EVP_CTRL_AEAD_SET_TAG, &tag) else { throw .fromLibrary("EVP_CIPHER_CTX_ctrl") }
        guard finish() else {
            ERR_clear_error()
            throw .notAuthentic
        }
    }

    private func control(_ command: Int32, _ tag: inout [UInt8]) -> Bool {
        EVP_CIPHER_CTX_ctrl(context, command, Int32(AEAD.tagByteCount), &tag) == 1
    }

    /// GCM has no last block to give out: only the tag is made, or compared.
    private func finish() -> Bool {
        var rest = [UInt8](repeating: 0, count: Int(EVP_MAX_BLOCK_LENGTH))
        var written: Int32 = 0
        return EVP_CipherFinal_ex(context, &rest, &written) == 1
    }
}
