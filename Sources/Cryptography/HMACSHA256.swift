import COpenSSL

/// HMAC with SHA-256 (RFC 2104).
///
/// Built on the two hashes that define it: libcrypto's own call fetches its algorithm anew each time, which costs four
/// times the hashing of a short message.
package enum HMACSHA256 {
    /// The block of SHA-256, in bytes: the length to which RFC 2104 brings every key.
    private static let blockByteCount = 64

    package static func authenticate(_ message: some Collection<UInt8>, key: SecretBytes) -> Digest {
        key.withUnsafeBytes { authenticate(message, key: $0) }
    }

    /// Compares in constant time, so that the time of the answer does not tell how much of a forged code was right.
    package static func isValid(_ code: Digest, for message: some Collection<UInt8>, key: SecretBytes) -> Bool {
        ConstantTime.equal(authenticate(message, key: key), code)
    }

    private static func authenticate(_ message: some Collection<UInt8>, key: UnsafeRawBufferPointer) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: blockByteCount, alignment: 1) { block in
            defer { OPENSSL_cleanse(block.baseAddress, block.count) }
            fill(block, with: key)
            let inner = pass(over: message, block: block, mask: 0x36)
            return inner.withUnsafeBytes { pass(over: $0, block: block, mask: 0x36 ^ 0x5C) }
        }
    }

    private static func fill(_ block: UnsafeMutableRawBufferPointer, with key: UnsafeRawBufferPointer) {
        block.initializeMemory(as: UInt8.self, repeating: 0)
        if key.count <= blockByteCount {
            block.copyBytes(from: key)
        } else {
            SHA256.hash(key).withUnsafeBytes { block.copyBytes(from: $0) }
        }
    }

    /// Masks the block where it stands; the second mask undoes the first.
    private static func pass(
        over message: some Collection<UInt8>,
        block: UnsafeMutableRawBufferPointer,
        mask: UInt8
    ) -> Digest {
        for index in block.indices { block[index] ^= mask }
        var hasher = SHA256()
        hasher.update(UnsafeRawBufferPointer(block))
        hasher.update(message)
        return hasher.finalize()
    }
}

/// Keys for separate purposes out of one secret (HKDF with SHA-256, RFC 5869).
package enum HKDF {
    /// The first 32 bytes of `HKDF-Expand`.
    /// - Parameter key: must be uniformly random already, as a key out of a key file is; a password is not.
    /// - Parameter info: the purpose. Another purpose gives a key that says nothing about this one.
    package static func derive(key: SecretBytes, info: some Collection<UInt8>) -> SecretBytes {
        // The first block of RFC 5869, section 2.3: T(1) = HMAC(PRK, T(0) | info | 0x01), where T(0) is empty.
        HMACSHA256.authenticate(Array(info) + [0x01], key: key).withUnsafeBytes { SecretBytes($0) }
    }
}
