import Core
import Cryptography
import Testing

struct HMACTests {
    /// RFC 4231, sections 4.2 to 4.8 without the truncated one: key, message, code.
    static let vectors: [(key: [UInt8], message: [UInt8], code: String)] = [
        (
            .init(repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            .init(repeating: 0xAA, count: 20), .init(repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            (1...25).map { UInt8($0) }, .init(repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            .init(repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            .init(repeating: 0xAA, count: 131),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
            ),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test(arguments: vectors.indices)
    func `agrees with RFC 4231`(index: Int) {
        let (key, message, code) = Self.vectors[index]
        #expect(HMACSHA256.authenticate(message, key: SecretBytes(key)).hex == code)
    }

    @Test func `a key of exactly one block is used as it stands`() {
        // RFC 2104: a shorter key counts as padded with zeros, a longer one is hashed first.
        let block = [UInt8](repeating: 0x61, count: 63)
        let padded = HMACSHA256.authenticate("m".utf8, key: SecretBytes(block + [0]))
        #expect(HMACSHA256.authenticate("m".utf8, key: SecretBytes(block)) == padded)
        let long = block + [0x61, 0x61]
        let hashed = SecretBytes(SHA256.hash(long).bytes)
        #expect(
            HMACSHA256.authenticate("m".utf8, key: SecretBytes(long)) == HMACSHA256.authenticate("m".utf8, key: hashed)
        )
    }

    @Test func `accepts the code of this message under this key alone`() {
        let key = SecretBytes("key".utf8)
        let code = HMACSHA256.authenticate("message".utf8, key: key)
        #expect(HMACSHA256.isValid(code, for: "message".utf8, key: key))
        #expect(!HMACSHA256.isValid(code, for: "messagf".utf8, key: key))
        #expect(!HMACSHA256.isValid(code, for: "message".utf8, key: SecretBytes("kez".utf8)))
        #expect(!HMACSHA256.isValid(.zero, for: "message".utf8, key: key))
    }
}

struct HKDFTests {
    /// RFC 5869, appendix A: pseudorandom key, info, and the first 32 bytes of the output.
    static let vectors = rows(
        """
        077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5 f0f1f2f3f4f5f6f7f8f9 \
        3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
        19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04 - \
        8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
        """
    )

    @Test(arguments: vectors)
    func `agrees with RFC 5869`(row: [String]) {
        let derived = HKDF.derive(key: SecretBytes(bytes(row[0])), info: bytes(row[1]))
        #expect(derived == SecretBytes(bytes(row[2])))
    }

    @Test func `every purpose has its own key`() {
        let key = SecretBytes.random(count: 32)
        #expect(HKDF.derive(key: key, info: "a".utf8) != HKDF.derive(key: key, info: "b".utf8))
        #expect(HKDF.derive(key: key, info: "a".utf8) == HKDF.derive(key: key, info: "a".utf8))
    }
}
