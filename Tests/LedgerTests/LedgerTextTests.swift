import Core
import Cryptography
import Testing

@testable import Ledger

struct LedgerTextTests {
    @Test(arguments: [
        "a", "WO-2026-0001", "维修-1", "a b", "\"", "\\", "é", "e\u{301}", "🚗", String(repeating: "a", count: 128),
        String(repeating: "车", count: 128), String(repeating: "🚗", count: 128), "~", "!", "\u{A0}x\u{A0}", "\u{FFFD}",
    ])
    func `accepts 1 to 128 visible characters`(text: String) {
        #expect(LedgerText.isValid(text))
    }

    @Test(arguments: [
        "", " ", " a", "a ", "a\nb", "a\tb", "\u{0}", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "a\u{200B}b",
        "a\u{200D}b",
        "\u{202E}a", "a\u{2028}b", "a\u{2029}", "\u{2066}a", "\u{FEFF}a", "\u{2060}",
        String(repeating: "a", count: 129), String(repeating: "车", count: 129), String(repeating: "🚗", count: 129),
    ])
    func `refuses what is empty, too long or cannot be seen`(text: String) {
        #expect(!LedgerText.isValid(text))
    }

    @Test(arguments: [
        (#"plain"#, "plain"), (#"a\"b"#, "a\"b"), (#"\\"#, "\\"), (#"\\\""#, "\\\""), ("车", "车"), ("", ""),
    ])
    func `reads the two escapes that a canonical text can have`(json: String, text: String) {
        #expect(Array(json.utf8).withUnsafeBytes { LedgerText.unescaped($0) } == text)
    }

    @Test(arguments: [#"a"b"#, #"\"#, #"a\"#, #"\/"#, #"\n"#, #"\u0041"#, #"\\\"#])
    func `refuses bare quotes and every other escape`(json: String) {
        #expect(Array(json.utf8).withUnsafeBytes { LedgerText.unescaped($0) } == nil)
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE8, 0xBD],
        ] as [[UInt8]]
    )
    func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
        #expect(bytes.withUnsafeBytes { LedgerText.unescaped($0) } == nil)
    }
}

struct LedgerVINTests {
    @Test func `knows exactly the alphabet of ISO 3779`() {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPRSTUVWXYZ".utf8)
        for byte in UInt8.min...UInt8.max {
            let text = [UInt8](repeating: byte, count: LedgerVIN.byteCount)
            #expect(text.withUnsafeBytes { LedgerVIN.isValid($0) } == alphabet.contains(byte), "byte \(byte)")
        }
    }

    @Test func `looks at every place`() {
        for place in 0..<LedgerVIN.byteCount {
            var text = Array(TestChain.vin.utf8)
            text[place] = UInt8(ascii: "O")
            #expect(!text.withUnsafeBytes { LedgerVIN.isValid($0) })
        }
    }

    @Test(arguments: ["", "LSVAU2187N212345", "LSVAU2187N21234567", "lsvau2187n2123456", "LSVAU2187N212345车"])
    func `refuses another length and lower case`(text: String) {
        #expect(!LedgerVIN.isValid(text))
    }

    @Test func `asks nothing about the check digit`() {
        #expect(LedgerVIN.isValid("LSVAU2187N2123456"))
        #expect(LedgerVIN.isValid("LSVAU2180N2123456"))
    }
}
