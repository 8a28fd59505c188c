import COpenSSL

/// SHA-256 (FIPS 180-4), at once or piece by piece. A value: a copy goes its own way from there.
package struct SHA256 {
    private var context = SHA256_CTX()

    package init() {
        SHA256_Init(&context)
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: some Collection<UInt8>) {
        withContiguousBytes(of: bytes) { update($0) }
    }

    package consuming func finalize() -> Digest {
        var digest = Digest()
        digest.withUnsafeMutableBytes { output in
            _ = SHA256_Final(output.octets, &context)
        }
        return digest
    }

    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        // Left uninitialised: `SHA256_Init` writes all of it that is ever read.
        withUnsafeTemporaryAllocation(of: SHA256_CTX.self, capacity: 1) { context in
            var digest = Digest()
            SHA256_Init(context.baseAddress)
            SHA256_Update(context.baseAddress, bytes.baseAddress, bytes.count)
            digest.withUnsafeMutableBytes { output in
                _ = SHA256_Final(output.octets, context.baseAddress)
            }
            return digest
        }
    }

    package static func hash(_ bytes: some Collection<UInt8>) -> Digest {
        withContiguousBytes(of: bytes) { hash($0) }
    }
}
