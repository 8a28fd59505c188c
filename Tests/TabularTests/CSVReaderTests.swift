import Support
import Testing

@testable import Tabular

@Suite struct CSVReaderTests {
    /// Records are parted by ` / ` and cells by ` ; `, behind the line.
    @Test(
        arguments: TextTable(
            #"""
            text                          | records
            a,b\n1,2                      | 1 a;b / 2 1;2
            a,b\r\n1,2\r\n                | 1 a;b / 2 1;2
            a,b\r1,2\r                    | 1 a;b / 2 1;2
            a,b\n\r1,2                    | 1 a;b / 3 1;2
            a;b\n1;2,3                    | 1 a;b / 2 1;2,3
            a\tb\n1\t2                    | 1 a;b / 2 1;2
            a,b;c,d\n1,2,3                | 1 a;b;c;d / 2 1;2;3
            sep=;\na;b,c,d\n1;2           | 2 a;b,c,d / 3 1;2
            sep=\p\r\na\pb\r\n1\p2        | 2 a;b / 3 1;2
            库存表\na;b\n1;2              | 1 库存表 / 2 a;b / 3 1;2
            a\n1                          | 1 a / 2 1
            \n\n␠\na,b\n\n,,\n1,2\n\n     | 4 a;b / 7 1;2
            "a,x",b\n"1""2",3             | 1 a,x;b / 2 1"2;3
            "a\nx",b\n1,2                 | 1 a\nx;b / 3 1;2
            "a\r\nx",b\n1,2               | 1 a\r\nx;b / 3 1;2
            "a\r\rx",b\n1,2               | 1 a\r\rx;b / 4 1;2
            a,b\n"",""\n"",1              | 1 a;b / 3 ;1
            a,b\n5" 屏,2                  | 1 a;b / 2 5" 屏;2
            a,b\n"""",2                   | 1 a;b / 2 ";2
            a,b,,\n1,2,,\n1,              | 1 a;b;; / 2 1;2;; / 3 1;
            "a;b;c",d\n1,2                | 1 a;b;c;d / 2 1;2
            a,b\n1,"2"                    | 1 a;b / 2 1;2
            """#
        ).rows
    )
    func `records are cut from text`(row: TextTable.Row) {
        let reading = Reading(row["text"].unescaped)
        let told = reading.records.map { "\($0.line) " + $0.texts.joined(separator: ";") }.joined(separator: " / ")
        #expect(told == row["records"].unescaped)
        #expect(reading.fault == nil)
    }

    @Test func `an empty file has no records`() {
        for text in ["", "\n", "\r\n\r\n", "\u{FEFF}", "sep=,", ",,\n,,"] {
            #expect(Reading(text).records.isEmpty)
            #expect(Reading(text).fault == nil)
        }
    }

    @Test func `a record keeps the text it was read from`() {
        let reading = Reading("a,b\r\n\"1\n\"\"x\", 2 \r\nlast")
        #expect(reading.records.map { String(decoding: $0.raw, as: UTF8.self) } == ["a,b", "\"1\n\"\"x\", 2 ", "last"])
    }

    @Test func `what follows a closing quote is kept and marked`() {
        let reading = Reading("a,b\n\"1\"x,\"2\"\n3,4")
        #expect(reading.texts == [["a", "b"], ["\"1\"x", "2"], ["3", "4"]])
        #expect(reading.records.map(\.hasStrayQuote) == [false, true, false])
    }

    @Test func `a quote left open is told with the line where it was opened`() {
        let reading = Reading("a,b\n1,2\n3,\"4\n5,6\n")
        #expect(reading.texts == [["a", "b"], ["1", "2"]])
        #expect(reading.fault?.code == "unclosed_quote")
        #expect(reading.fault?.line == 3)
        #expect(reading.fault?.byteOffset == nil)
    }

    @Test(
        arguments: TextTable(
            #"""
            text                     | fault
            a,b\n12345678,2          | -
            a,b\n123456789,2         | cell_too_long 2
            a,b\n1,"1\n3456789"      | cell_too_long 2
            a,b\n1,2\n1\n"1234567890 | cell_too_long 4
            a,b\n1234567,1234567,123 | record_too_long 2
            a,b,c,d                  | -
            a,b\n1,2,3,4,            | too_many_columns 2
            """#
        ).rows
    )
    func `what is too large is refused with its line`(row: TextTable.Row) {
        var limits = TableLimits()
        limits.maximumCellBytes = 8
        limits.maximumRecordBytes = 16
        limits.maximumColumns = 4
        let fault = Reading(row["text"].unescaped, limits: limits).fault
        #expect(fault.map { "\($0.code) \($0.line)" } ?? "-" == row["fault"])
    }

    @Test func `a cell of ten megabytes ends the reading`() {
        let bytes = Array("a,b\n1,\"".utf8) + [UInt8](repeating: 0x78, count: 10 << 20)
        let reading = Reading(bytes, cuts: Array(stride(from: 0, to: bytes.count, by: 64 << 10)))
        #expect(reading.texts == [["a", "b"]])
        #expect(reading.fault?.code == "cell_too_long")
        #expect(Reading(bytes) == reading)
    }

    @Test func `a reader that met a fault goes on telling it`() throws {
        let reader = CSVReader(encoding: .utf8)
        #expect(throws: TableFault.self) { try reader.take([0x61, 0x0A, 0xFF, 0x62]) }
        #expect(throws: TableFault.self) { try reader.take(Array("a,b\n".utf8)) }
        #expect(throws: TableFault.self) { try reader.finish() }
    }

    @Test func `records come as soon as they are read`() throws {
        let reader = CSVReader()
        #expect(try reader.take(Array("a,b\n1,".utf8)).map(\.texts) == [["a", "b"]])
        #expect(try reader.take(Array("2\n3".utf8)).map(\.texts) == [["1", "2"]])
        #expect(try reader.finish().map(\.texts) == [["3"]])
    }
}
