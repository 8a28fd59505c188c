import Core
import Testing

@testable import Tabular

@Suite struct TextDecoderTests {
    @Test func `a byte order mark tells the encoding, whatever was declared`() {
        let marked: [(bytes: [UInt8], encoding: TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF] + Array("车".utf8), .utf8),
            ([0x84, 0x31, 0x95, 0x33, 0xB3, 0xB5], .gb18030),
            ([0xFF, 0xFE, 0x66, 0x8F], .utf16LittleEndian),
            ([0xFE, 0xFF, 0x8F, 0x66], .utf16BigEndian),
        ]
        for (bytes, encoding) in marked {
            for declared in [nil, TextEncoding.gb18030, .utf8] {
                let reading = Reading(bytes, encoding: declared)
                #expect(reading.texts == [["车"]])
                #expect(reading.encoding == encoding)
            }
        }
    }

    @Test func `what is no UTF-8 is read as GB 18030`() {
        let bytes = GB18030.header + [0x0A] + GB18030.rare + [0x2C] + GB18030.volkswagen
        let reading = Reading(bytes)
        #expect(reading.texts == [["车架号", "品牌"], ["\u{20000}", "大众"]])
        #expect(reading.encoding == .gb18030)
    }

    @Test func `a declared encoding is not guessed`() {
        // Both bytes of 模 in GB 18030 are a letter in UTF-8.
        let bytes: [UInt8] = [0xC4, 0xA3]
        #expect(Reading(bytes).texts == [["\u{123}"]])
        #expect(Reading(bytes, encoding: .gb18030).texts == [["模"]])
    }

    @Test func `the encoding is told by what follows any amount of ASCII`() {
        let ascii = Array(String(repeating: "a,b\n", count: TextDecoder.guessBytes).utf8)
        #expect(Reading(ascii + GB18030.volkswagen).texts.last == ["大众"])
        #expect(Reading(ascii + Array("大众".utf8)).texts.last == ["大众"])
        #expect(Reading(ascii).encoding == nil)
    }

    @Test func `a character across the end of the guessed part does not count against UTF-8`() {
        for shift in 0..<3 {
            let text =
                String(repeating: "车", count: TextDecoder.guessBytes / 3 - 5) + String(repeating: "a", count: shift)
            let reading = Reading(Array((text + String(repeating: "辆", count: 20)).utf8))
            #expect(reading.fault == nil)
            #expect(reading.encoding == .utf8)
        }
    }

    @Test func `a wrong byte is told with its line and offset`() {
        let utf8 = Reading(Array("车,b\r\n1,2\r\n3,".utf8) + [0xFF, 0x2C])
        #expect(utf8.encoding == .gb18030)
        #expect(utf8.fault?.code == "invalid_encoding")

        let declared = Reading(Array("车,b\r\n1,2\r\n3,".utf8) + [0xFF, 0x2C], encoding: .utf8)
        #expect(declared.texts == [["车", "b"], ["1", "2"]])
        #expect(declared.fault?.code == "invalid_encoding")
        #expect(declared.fault?.line == 3)
        #expect(declared.fault?.byteOffset == 14)

        let chinese = Reading(GB18030.header + [0x0D, 0x0D, 0x81, 0x20], encoding: .gb18030)
        #expect(chinese.fault?.line == 3)
        #expect(chinese.fault?.byteOffset == 13)
        #expect(chinese.fault?.failure.type == .unreadableTable)
        #expect(chinese.fault?.failure.faults.map(\.code) == ["invalid_encoding"])
    }

    @Test(
        arguments: [
            [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80], [0x80], [0xE8, 0xBD, 0x41],
        ] as [[UInt8]]
    )
    func `bytes that only look like UTF-8 are refused`(bytes: [UInt8]) {
        let reading = Reading([0x61, 0x0A] + bytes + [0x62], encoding: .utf8)
        #expect(reading.fault?.code == "invalid_encoding")
        #expect(reading.fault?.line == 2)
        #expect(reading.fault?.byteOffset == 2)
    }

    @Test func `a file that breaks off within a character is told so`() {
        #expect(Reading([0x61, 0xE8, 0xBD], encoding: .utf8).fault?.code == "truncated_character")
        #expect(Reading([0x61, 0xB3], encoding: .gb18030).fault?.code == "truncated_character")
        #expect(Reading([0x61, 0x95, 0x32, 0x82], encoding: .gb18030).fault?.byteOffset == 1)
        #expect(Reading([0xFF, 0xFE, 0x61, 0x00, 0x62]).fault?.code == "truncated_character")
    }

    @Test func `NULs and lone surrogates are refused`() {
        let nul = Reading("a,b\n1,\0")
        #expect(nul.texts == [["a", "b"]])
        #expect(nul.fault?.code == "nul_character")
        #expect(nul.fault?.byteOffset == 6)
        #expect(Reading([0xFF, 0xFE, 0x61, 0x00, 0x00, 0x00]).fault?.code == "nul_character")
        #expect(Reading([0xFF, 0xFE, 0x61, 0x00, 0x00, 0xDC]).fault?.code == "invalid_encoding")
        // U+0100 and U+0001 have zero bytes side by side, and no NUL.
        #expect(Reading([0xFF, 0xFE, 0x00, 0x01, 0x01, 0x00]).fault == nil)
    }

    @Test func `a workbook is told from a text`() {
        #expect(Reading([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00]).fault?.code == "spreadsheet_file")
        #expect(Reading([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]).fault?.code == "spreadsheet_file")
    }

    @Test func `labels of media types are known`() {
        #expect(TextEncoding(label: "GBK") == .gb18030)
        #expect(TextEncoding(label: "gb2312") == .gb18030)
        #expect(TextEncoding(label: "UTF-8") == .utf8)
        #expect(TextEncoding(label: "big5") == nil)
    }

    @Test func `no fault repeats or skips a byte of what stands before it`() throws {
        let decoder = TextDecoder(.gb18030)
        var output: [UInt8] = []
        try [0x61, 0xB3].withRawBytes { bytes throws(TableFault) in try decoder.decode(bytes, into: &output) }
        #expect(throws: TableFault.self) {
            try [0x20, 0x62].withRawBytes { bytes throws(TableFault) in try decoder.decode(bytes, into: &output) }
        }
        #expect(output == [0x61])
    }
}
