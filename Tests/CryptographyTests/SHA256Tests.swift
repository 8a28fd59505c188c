import Core
import Cryptography
import Testing

struct SHA256Tests {
    /// FIPS 180-4 examples and the NIST short messages, as message in hexadecimal and digest.
    static let vectors = rows(
        """
        - e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        d3 28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1
        616263 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        6162636462636465636465666465666765666768666768696768696a68696a6b696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071 \
        248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1
        """
    )

    @Test(arguments: vectors)
    func `agrees with the published vectors`(row: [String]) {
        #expect(SHA256.hash(bytes(row[0])).hex == row[1])
    }

    @Test func `agrees with the published vector of a million letters`() {
        let digest = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(digest.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `pieces hash as the whole does, wherever it is cut`() {
        let message = (0..<200).map { UInt8($0) }
        let whole = SHA256.hash(message)
        for cut in 0...message.count {
            var hasher = SHA256()
            hasher.update(message[..<cut])
            hasher.update(message[cut...])
            #expect(hasher.finalize() == whole)
        }
    }

    @Test func `a copy goes its own way`() {
        var first = SHA256()
        first.update("ab".utf8)
        var second = first
        second.update("X".utf8)
        first.update("c".utf8)
        #expect(first.finalize() == SHA256.hash("abc".utf8))
        #expect(second.finalize() == SHA256.hash("abX".utf8))
    }

    @Test func `scattered bytes hash as contiguous ones`() {
        let message = Array("scattered".utf8)
        #expect(SHA256.hash(message.reversed().reversed() as [UInt8]) == SHA256.hash(message))
        #expect(SHA256.hash(message.lazy.map { $0 }) == SHA256.hash(message))
    }

    @Test func `raw memory hashes as an array`() {
        let message = Array("raw".utf8)
        #expect(message.withUnsafeBytes { SHA256.hash($0) } == SHA256.hash(message))
        #expect(SHA256.hash(UnsafeRawBufferPointer(start: nil, count: 0)) == SHA256.hash([]))
    }
}

struct DigestTests {
    let digest = SHA256.hash("abc".utf8)

    @Test func `reads what it writes`() {
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(digest.bytes.count == Digest.byteCount)
        #expect("\(digest)" == digest.hex)
    }

    @Test func `zero is 64 zeros`() {
        #expect(Digest.zero.hex == String(repeating: "0", count: 64))
    }

    @Test(arguments: [
        "", "ba", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
        String(repeating: "0", count: 63), String(repeating: "0", count: 65), String(repeating: "0", count: 66),
        String(repeating: "0", count: 62) + "\u{E9}",
    ])
    func `refuses what is not 64 lower-case hexadecimal digits`(text: String) {
        #expect(Digest(hex: text) == nil)
    }

    @Test(arguments: [0, 31, 33])
    func `refuses another number of bytes`(count: Int) {
        #expect(Digest(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test func `digests that differ in any one byte are not equal`() {
        for changed in oneBitFlips(of: digest.bytes) {
            let other = Digest(bytes: changed)!
            #expect(other != digest)
            #expect(!ConstantTime.equal(other, digest))
        }
    }

    @Test func `equal digests find each other in a set`() {
        #expect(Set([digest, SHA256.hash("abc".utf8), Digest.zero]).count == 2)
    }

    @Test func `any byte in any place of its digits is judged as the general reader judges it`() {
        let digits = Array(digest.hex.utf8)
        for place in digits.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = digits
                changed[place] = byte
                let expected = String(validating: changed, as: UTF8.self)
                    .flatMap { [UInt8](lowercaseHex: $0) }
                    .flatMap { Digest(bytes: $0) }
                #expect(changed.withUnsafeBytes { Digest(hexDigits: $0) } == expected, "\(byte) at \(place)")
                #expect(
                    changed.withUnsafeBytes { digest.isWritten(in: $0) } == (changed == digits),
                    "\(byte) at \(place)"
                )
            }
        }
    }

    @Test func `every byte value is written and read in every place`() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<Digest.byteCount {
                var bytes = digest.bytes
                bytes[place] = byte
                let digest = Digest(bytes: bytes)!
                let digits = Array(bytes.hex.utf8)
                #expect(digits.withUnsafeBytes { digest.isWritten(in: $0) })
                #expect(digits.withUnsafeBytes { Digest(hexDigits: $0) } == digest)
            }
        }
    }

    @Test func `digits of another length are those of no digest`() {
        let digits = Array((digest.hex + "00").utf8)
        for count in [0, 62, 63, 65, 66] {
            digits.prefix(count).withUnsafeBytes { digits in
                #expect(!digest.isWritten(in: digits))
                #expect(Digest(hexDigits: digits) == nil)
            }
        }
        #expect(!digest.isWritten(in: UnsafeRawBufferPointer(start: nil, count: 0)))
    }
}
