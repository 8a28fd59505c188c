import Core
import Support
import Testing

@testable import Tabular

@Suite struct WrittenValueTests {
    @Test(
        arguments: TextTable(
            """
            kind  | unit    | cell               | value
            money | wan     | 12.8               | 12800000
            money | wan     | 12.80              | 12800000
            money | wan     | 12.8万             | 12800000
            money | wan     | 128000元           | 12800000
            money | wan     | ¥12.8              | 12800000
            money | wan     | 0.000001           | 1
            money | wan     | 0.0000001          | not_whole
            money | yuan    | 128,000            | 12800000
            money | yuan    | 128000.01          | 12800001
            money | yuan    | 128000.010         | 12800001
            money | yuan    | 128000.001         | not_whole
            money | yuan    | 12.8万元           | 12800000
            money | -       | ¥128,000           | 12800000
            money | -       | ￥１２８，０００   | 12800000
            money | -       | 12.8万             | 12800000
            money | -       | 12.8 W             | 12800000
            money | -       | RMB 128000         | 12800000
            money | -       | 128000             | unit_missing
            money | yuan    | 12,8               | not_a_number
            money | yuan    | 1,2800             | not_a_number
            money | yuan    | 1.2.3              | not_a_number
            money | yuan    | 12.                | not_a_number
            money | yuan    | .5                 | not_a_number
            money | yuan    | 1e5                | not_a_number
            money | yuan    | 面议               | not_a_number
            money | yuan    | 12万8              | not_a_number
            money | yuan    | 5公里              | not_a_number
            money | yuan    | -1                 | out_of_range
            money | yuan    | 0                  | 0
            money | yuan    | 100000000          | 10000000000
            money | yuan    | 100000000.01       | out_of_range
            money | wan     | 999999999999999999 | out_of_range
            money | yuan    | 9999999999999999999 | not_a_number
            km    | km      | 56000              | 56000
            km    | km      | 56,000公里         | 56000
            km    | km      | 5.6万              | 56000
            km    | wankm   | 5.6                | 56000
            km    | wankm   | 5.60001            | not_whole
            km    | wankm   | 5.6001             | 56001
            km    | wankm   | 56000km            | 56000
            km    | -       | 5.6万公里          | 56000
            km    | -       | 5.6                | unit_missing
            km    | km      | 2000001            | out_of_range
            km    | wankm   | 56000              | out_of_range
            """
        ).rows
    )
    func `amounts and distances are exact`(row: TextTable.Row) {
        let units: [String: Unit] = [
            "wan": .tenThousandYuan, "yuan": .yuan, "km": .kilometre, "wankm": .tenThousandKilometres,
        ]
        let kind = row["kind"] == "money" ? FieldKind.money : .distance
        let read = outcome(CellReader(kind: kind, unit: units[row["unit"]]), row["cell"]) { value in
            "\(value.money?.fen ?? value.odometer?.kilometres ?? -1)"
        }
        #expect(read == row["value"])
    }

    @Test(
        arguments: TextTable(
            """
            cell                    | date
            2021-03-05              | 2021-03-05
            2021/3/5                | 2021-03-05
            2021.3.5                | 2021-03-05
            2021年3月5日            | 2021-03-05
            2021年3月               | 2021-03
            2021年03月05            | 2021-03-05
            2021-03                 | 2021-03
            2021/3                  | 2021-03
            20210305                | 2021-03-05
            202103                  | 2021-03
            ２０２１－０３－０５      | 2021-03-05
            2021-03-05 00:00:00     | 2021-03-05
            2021/3/5 8:30           | 2021-03-05
            2021-03-05T08:30:00.000Z | 2021-03-05
            44260                   | 2021-03-05
            44260.5                 | 2021-03-05
            10000                   | 1927-05-18
            99999                   | 2173-10-13
            2021-02-29              | -
            2020-02-29              | 2020-02-29
            2021-13-01              | -
            2021-03/05              | -
            3/5/2021                | -
            21-03-05                | -
            2021                    | -
            2021年                  | -
            2021-                   | -
            2021-3-                 | -
            20211305                | -
            1899-12-31              | -
            2021-03-05 later        | -
            20210305x               | -
            44260.                  | -
            -44260                  | -
            已过期                  | -
            """
        ).rows
    )
    func `dates are read as they occur`(row: TextTable.Row) {
        let date = WrittenDate(row["cell"])
        #expect(date.map { $0.hasDay ? "\($0.date)" : String("\($0.date)".dropLast(3)) } ?? "-" == row["date"])
    }

    @Test(
        arguments: TextTable(
            """
            serial  | day
            0       | -
            1       | 1900-01-01
            59      | 1900-02-28
            60      | -
            61      | 1900-03-01
            2958465 | 9999-12-31
            2958466 | -
            """
        ).rows
    )
    func `Excel's leap day of 1900 is no day`(row: TextTable.Row) throws {
        let serial = try #require(Int(row["serial"]))
        #expect(WrittenDate.excelDay(serial).map { "\($0)" } ?? "-" == row["day"])
    }

    @Test(
        arguments: TextTable(
            #"""
            cell      | meant
            ␠a␠       | a
            　a\t     | a
            ="0123"   | 0123
            '=1       | =1
            -         | -nothing
            --        | -nothing
            N/A       | -nothing
            ＮＵＬＬ  | -nothing
            暂无      | -nothing
            -1        | -1
            无        | 无
            """#
        ).rows
    )
    func `what a cell means is what it holds without its wrapping`(row: TextTable.Row) {
        #expect(CellReader.meant(row["cell"].unescaped).map(String.init) ?? "-nothing" == row["meant"])
    }

    @Test(
        arguments: TextTable(
            #"""
            cell   | value
            2      | 2
            2次    | 2
            2.0    | 2
            2.5    | not_whole
            100    | out_of_range
            -1     | out_of_range
            二次   | not_a_number
            2公里  | not_a_number
            """#
        ).rows
    )
    func `counts are whole`(row: TextTable.Row) {
        let reader = CellReader(kind: .count(0...99, words: ["次"]), unit: nil)
        #expect(outcome(reader, row["cell"]) { "\($0.count ?? -1)" } == row["value"])
    }

    @Test func `texts have a length and no control characters`() {
        let line = CellReader(kind: .text(maximumLength: 3), unit: nil)
        #expect(outcome(line, "帕萨特") { $0.text ?? "" } == "帕萨特")
        #expect(outcome(line, "帕萨特 ") { $0.text ?? "" } == "length")
        #expect(outcome(line, "a\nb") { $0.text ?? "" } == "control_character")
        let lines = CellReader(kind: .lines(maximumLength: 3), unit: nil)
        #expect(outcome(lines, "a\nb") { $0.text ?? "" } == "a\nb")
        #expect(outcome(lines, "a\u{7}b") { $0.text ?? "" } == "control_character")
    }

    @Test func `a VIN is read however it was typed`() {
        let reader = CellReader(kind: .vin, unit: nil)
        #expect(outcome(reader, "ｌsvau033 7g2184503") { $0.vin?.text ?? "" } == "check_digit")
        #expect(outcome(reader, "1m8gdm9a xkp042788") { $0.vin?.text ?? "" } == "1M8GDM9AXKP042788")
        #expect(outcome(reader, "LSV") { $0.vin?.text ?? "" } == "length")
    }

    private func outcome(_ reader: CellReader, _ cell: String, told: (CellValue) -> String) -> String {
        do throws(TextFault) {
            return told(try reader.read(cell[...]))
        } catch {
            return error.code
        }
    }
}
