import Support
import Testing

@testable import Tabular

@Suite struct CSVWriterTests {
    @Test(
        arguments: TextTable(
            #"""
            cell            | written
            大众            | 大众
            a,b             | "a,b"
            a;b             | "a;b"
            5" 屏           | "5"" 屏"
            a\nb            | "a\nb"
            ␠a              | "␠a"
            =1+1            | '=1+1
            =HYPERLINK("x") | "'=HYPERLINK(""x"")"
            @SUM(A1)        | '@SUM(A1)
            \tx             | '\tx
            -               | '-
            --1             | '--1
            -12.5           | -12.5
            +3              | +3
            -1e5            | '-1e5
            -1+2            | '-1+2
            '=1             | ''=1
            'x              | 'x
            '-5             | ''-5
            ＝1             | '＝1
            \rx             | "'\rx"
            """#
        ).rows
    )
    func `a cell is quoted and defused where it has to be`(row: TextTable.Row) {
        var writer = CSVWriter(startsWithMark: false)
        writer.write([row["cell"].unescaped])
        var written = row["written"].unescaped
        if row["cell"].hasPrefix("\\t") { written = "\"\(written)\"" }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == written + "\r\n")
        #expect(FormulaGuard.restored(FormulaGuard.defused(row["cell"].unescaped)) == row["cell"].unescaped)
    }

    @Test func `negative numbers come back as they were, also to readers that know nothing of it`() {
        var writer = CSVWriter(startsWithMark: true)
        writer.write(["x", "-1200", "-0.5"])
        #expect(writer.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(Reading(writer.takeBytes()).texts == [["x", "-1200", "-0.5"]])
        #expect(writer.takeBytes().isEmpty)
    }

    @Test func `failed rows make a file that can be mended and sent again`() throws {
        let sent = Reading("车架号;备注;售价(元)\nLSV1;'=1;\"a;\"\"b\"\nLSV2\n")
        let header = try #require(sent.records.first)
        var writer = CSVWriter(startsWithMark: true)
        writer.write(header.texts + FailedRows.headings)
        for record in sent.records.dropFirst() {
            writer.write(record, header: header, notes: ["\(record.line)", "售价有误"])
        }
        let again = Reading(writer.takeBytes())
        #expect(
            again.texts == [
                ["车架号", "备注", "售价(元)", "原行号", "错误说明"],
                ["LSV1", "'=1", "a;\"b", "2", "售价有误"],
                ["LSV2", "", "", "3", "售价有误"],
            ]
        )
        let mapping = try ColumnMapping(header: again.records[0])
        #expect(mapping.unknownColumns.map(\.heading) == ["备注"])
    }
}
