import Core
import Cryptography
import Testing

struct SecretBytesTests {
    let secret = SecretBytes("s3cret".utf8)

    @Test func `is never printed`() {
        struct Enclosing {
            let secret: SecretBytes
        }
        var dumped = ""
        dump(Enclosing(secret: secret), to: &dumped)
        let texts = ["\(secret)", String(reflecting: secret), "\(Enclosing(secret: secret))", dumped]
        for text in texts {
            #expect(text.contains("<redacted>"))
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("0x"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test func `equals a secret of the same bytes alone`() {
        #expect(secret == SecretBytes("s3cret".utf8))
        #expect(secret != SecretBytes("s3creT".utf8))
        #expect(secret != SecretBytes("s3cre".utf8))
        #expect(SecretBytes([]) == SecretBytes([]))
    }

    @Test func `lends the bytes that it was made of`() {
        #expect(secret.withUnsafeBytes { Array($0) } == Array("s3cret".utf8))
        #expect(secret.count == 6)
    }

    @Test func `a copy lives on when the original is gone`() {
        var original: SecretBytes? = SecretBytes("kept".utf8)
        let copy = original
        original = nil
        #expect(copy == SecretBytes("kept".utf8))
    }
}

struct SecureRandomTests {
    @Test(arguments: [0, 1, 7, 8, 9, 32, 1000])
    func `gives as many bytes as asked for`(count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
        #expect(SecretBytes.random(count: count).count == count)
    }

    @Test func `never gives the same twice`() {
        let drawn = (0..<100).map { _ in SecureRandom.bytes(16) }
        #expect(Set(drawn).count == drawn.count)
        #expect(SecretBytes.random(count: 32) != SecretBytes.random(count: 32))
    }

    @Test func `takes every value in every place`() {
        // 256 × 40 draws leave a given value of a given place out with probability (255/256)^10240 < 2^-57.
        var seen = [Set<UInt8>](repeating: [], count: 10)
        for _ in 0..<10_240 {
            for (place, byte) in SecureRandom.bytes(10).enumerated() { seen[place].insert(byte) }
        }
        #expect(seen.allSatisfy { $0.count == 256 })
    }
}

struct ConstantTimeTests {
    @Test func `is true for equal bytes alone`() {
        let bytes = Array("0123456789".utf8)
        #expect(ConstantTime.equal(bytes, bytes))
        #expect(ConstantTime.equal([UInt8](), []))
        #expect(!ConstantTime.equal(bytes, bytes.dropLast()))
        #expect(!ConstantTime.equal(bytes.dropFirst(), bytes))
        for changed in oneBitFlips(of: bytes) { #expect(!ConstantTime.equal(bytes, changed)) }
    }

    @Test func `compares collections of different kinds`() {
        #expect(ConstantTime.equal("token".utf8, Array("token".utf8)))
        #expect(ConstantTime.equal("token".utf8.lazy.map { $0 }, Array("xtoken".utf8).dropFirst()))
    }
}
