import Cryptography
import Testing

struct Base64Tests {
    /// RFC 4648, section 10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: vectors)
    func `agrees with RFC 4648`(plain: String, encoded: String) {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(utf8: encoded.utf8.map { $0 }) == Array(plain.utf8))
    }

    @Test func `reads every byte value and length that it writes`() {
        let all = (0...255).map { UInt8($0) }
        for count in 0...all.count {
            #expect(Base64.decode(Base64.encode(all.prefix(count))) == Array(all.prefix(count)))
            #expect(Base64.decode(Base64.encode(all.suffix(count))) == Array(all.suffix(count)))
        }
    }

    @Test func `uses the whole standard alphabet`() {
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(Base64.decode(digits).map { Base64.encode($0) } == digits)
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm9v=", "=", "==", "====", "Z===", "Zg==Zg==", "Zm=v", "=m9v", "Z=9v",
        " Zg==", "Zg== ", "Zg==\n", "Zm9v\r\nYmFy", "Zm 9v", "Zm-_", "Zm9\u{E9}", "Zm9v\u{0}Zg=",
    ])
    func `refuses what is not padded standard Base64`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zh==", "Zi==", "Zo==", "Zp==", "Zm9=", "Zm+=", "//==", "///="])
    func `refuses bits set behind the last byte`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
