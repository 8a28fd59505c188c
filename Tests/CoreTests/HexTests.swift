import Core
import Testing

@Suite struct HexTests {
    @Test func `bytes are written in lower case and read again`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(bytes.hex.hasPrefix("000102"))
        #expect(bytes.hex.hasSuffix("fdfeff"))
        #expect([UInt8](lowercaseHex: bytes.hex) == bytes)
        #expect([UInt8](lowercaseHex: "") == [])
    }

    @Test(arguments: ["0", "0g", "FF", "aB", "0x", " 00", "00 ", "００"])
    func `one value has one text`(text: String) {
        #expect([UInt8](lowercaseHex: text) == nil)
    }
}
