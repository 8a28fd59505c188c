import Core
import Cryptography
import Testing

struct AEADTests {
    /// Test cases 13 to 16 of the GCM specification that NIST published with SP 800-38D (AES-256):
    /// key, nonce, message, associated data, ciphertext, tag.
    static let vectors = rows(
        """
        0000000000000000000000000000000000000000000000000000000000000000 000000000000000000000000 - - - \
        530f8afbc74536b9a963b4f1c4cb738b
        0000000000000000000000000000000000000000000000000000000000000000 000000000000000000000000 \
        00000000000000000000000000000000 - cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919
        feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308 cafebabefacedbaddecaf888 \
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255 \
        - \
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad \
        b094dac5d93471bdec1a502270e3cc6c
        feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308 cafebabefacedbaddecaf888 \
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39 \
        feedfacedeadbeeffeedfacedeadbeefabaddad2 \
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 \
        76fc6ece0f4e1768cddf8853bb2d551b
        """
    )

    let key = SecretBytes.random(count: AEAD.keyByteCount)

    @Test(arguments: vectors)
    func `opens the published vectors`(row: [String]) throws {
        let row = row.map(bytes)
        let message = try AEAD.open(row[1] + row[4] + row[5], key: SecretBytes(row[0]), associated: row[3])
        #expect(message == row[2])
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000])
    func `opens what it sealed`(count: Int) throws {
        let message = SecureRandom.bytes(count)
        let sealed = try AEAD.seal(message, key: key, associated: "row 7".utf8)
        #expect(sealed.count == count + AEAD.overheadByteCount)
        #expect(try AEAD.open(sealed, key: key, associated: "row 7".utf8) == message)
    }

    @Test func `seals the same message differently each time`() throws {
        #expect(try AEAD.seal("m".utf8, key: key) != AEAD.seal("m".utf8, key: key))
    }

    @Test func `refuses a flipped bit in nonce, ciphertext or tag`() throws {
        let sealed = try AEAD.seal("message".utf8, key: key)
        for changed in oneBitFlips(of: sealed) {
            #expect(throws: CryptographyError.notAuthentic) { try AEAD.open(changed, key: key) }
        }
    }

    @Test func `refuses a cut text of any length`() throws {
        let sealed = try AEAD.seal("message".utf8, key: key)
        for count in 0..<sealed.count {
            #expect(throws: CryptographyError.notAuthentic) { try AEAD.open(sealed.prefix(count), key: key) }
        }
    }

    @Test func `refuses another key and other associated data`() throws {
        let sealed = try AEAD.seal("message".utf8, key: key, associated: "row 7".utf8)
        let otherKey = SecretBytes.random(count: AEAD.keyByteCount)
        #expect(throws: CryptographyError.notAuthentic) {
            try AEAD.open(sealed, key: otherKey, associated: "row 7".utf8)
        }
        #expect(throws: CryptographyError.notAuthentic) { try AEAD.open(sealed, key: key, associated: "row 8".utf8) }
        #expect(throws: CryptographyError.notAuthentic) { try AEAD.open(sealed, key: key) }
    }

    @Test(arguments: [0, 16, 31, 33])
    func `refuses a key of another length`(count: Int) {
        let short = SecretBytes.random(count: count)
        let refusal = CryptographyError.wrongLength(expected: 32, actual: count)
        #expect(throws: refusal) { try AEAD.seal("m".utf8, key: short) }
        #expect(throws: refusal) { try AEAD.open([UInt8](repeating: 0, count: 28), key: short) }
    }
}
