import Core
import Support
import Testing

@testable import Tabular

@Suite struct ColumnMappingTests {
    private static let vin = "1M8GDM9AXKP042788"

    private func mapping(_ header: String, rules: [ColumnRule] = []) throws -> ColumnMapping {
        try ColumnMapping(header: try #require(Reading(header).records.first), rules: rules)
    }

    private func faults(_ header: String, rules: [ColumnRule] = []) -> [String] {
        do {
            _ = try mapping(header, rules: rules)
            return []
        } catch {
            return (error as? Failure)?.faults.map { "\($0.pointer) \($0.code)" } ?? ["\(error)"]
        }
    }

    @Test(
        arguments: TextTable(
            """
            heading               | field                      | unit
            车架号                | vin                        | -
            ＶＩＮ 码             | vin                        | -
            *车架号（必填）       | vin                        | -
            车辆识别代号(VIN)     | vin                        | -
            品牌                  | make                       | -
            首次上牌时间          | first_registered_on        | -
            表显里程(公里)        | odometer_km                | km
            里程（万公里）        | odometer_km                | wan_km
            行驶里程/万KM         | odometer_km                | wan_km
            里程（单位：万公里）  | odometer_km                | wan_km
            表显里程              | odometer_km                | -
            里程(万)              | odometer_km                | wan_km
            odometer_km           | odometer_km                | km
            报价                  | price                      | -
            售价(元)              | price                      | yuan
            售价【万元】          | price                      | wan_yuan
            价格（￥）            | price                      | yuan
            零售价 万             | price                      | wan_yuan
            新车指导价(万)        | guide_price                | wan_yuan
            车身颜色              | color                      | -
            排放标准              | emission_stage             | -
            所在地                | location                   | -
            变速箱                | gearbox                    | -
            燃料类型              | energy                     | -
            过户次数              | transfer_count             | -
            年检到期              | inspection_valid_until     | -
            交强险到期            | compulsory_insurance_until | -
            车牌号                | plate                      | -
            售价(公里)            | -                          | -
            里程(元)              | -                          | -
            收购价(元)            | -                          | -
            报价(批发)            | -                          | -
            一口价                | -                          | -
            年份                  | -                          | -
            """
        ).rows
    )
    func `headings are known however they are typed`(row: TextTable.Row) {
        let match = TableSchema.inventory.match(Folding.heading(row["heading"]))
        #expect(match.map { TableSchema.inventory.fields[$0.field].name } ?? "-" == row["field"])
        #expect(match?.unit?.rawValue ?? "-" == row["unit"])
    }

    @Test func `no heading belongs to two fields`() {
        var owners: [String: Set<String>] = [:]
        for field in TableSchema.inventory.fields {
            for heading in field.headings { owners[Folding.heading(heading), default: []].insert(field.name) }
        }
        #expect(owners.filter { $0.value.count > 1 }.isEmpty)
    }

    @Test func `a row gives typed fields`() throws {
        let mapping = try mapping("VIN码,品牌,上牌日期,里程（万公里）,售价（万元）,过户次数,车牌号,备注,原行号,,")
        #expect(mapping.unknownColumns == [.init(column: 8, heading: "备注")])
        let record = try #require(Reading("\(Self.vin),大众,2018年3月,5.6,12.8,1次,京a·12345,x,7,,\n").records.first)
        guard case .row(let row) = mapping.row(record) else { throw TextFault("row", zh: "", en: "") }
        #expect(row["vin"]?.vin?.text == Self.vin)
        #expect(row["make"]?.text == "大众")
        #expect(row["first_registered_on"]?.date?.hasDay == false)
        #expect(row["odometer_km"]?.odometer?.kilometres == 56_000)
        #expect(row["price"]?.money?.fen == 12_800_000)
        #expect(row["transfer_count"]?.count == 1)
        #expect(row["plate"]?.plate?.text == "京A12345")
        #expect(row["color"] == nil)
        #expect(row.line == 1)
    }

    @Test func `every fault of a row is told, with its column and line`() throws {
        let mapping = try mapping("品牌,车架号,售价,里程(公里),上牌日期")
        let records = Reading("\n大众,,128000,5.66667万,3/5/2021\n\"a\"b,\(Self.vin),,,,,x").records
        guard case .faults(let faults, let cells) = mapping.row(records[0]) else {
            throw TextFault("faults", zh: "", en: "")
        }
        #expect(
            faults.map { "\($0.line) \($0.column ?? 0) \($0.field ?? "-") \($0.code)" } == [
                "2 2 vin required", "2 3 price unit_missing", "2 4 odometer_km not_whole",
                "2 5 first_registered_on not_a_date",
            ]
        )
        #expect(cells?["make"]?.text == "大众")
        #expect(cells?["price"] == nil)
        #expect(faults[0].detail.zh == "“车架号”：必填，不能为空")
        #expect(faults[0].fault.pointer == "/vin")
        guard case .faults(let shape, nil) = mapping.row(records[1]) else { throw TextFault("faults", zh: "", en: "") }
        #expect(shape.map { "\($0.line) \($0.column ?? 0) \($0.code)" } == ["3 0 stray_quote", "3 7 too_many_cells"])
    }

    @Test func `a short record leaves its last fields empty`() throws {
        let record = try #require(Reading(Self.vin).records.first)
        guard case .row(let row) = try mapping("车架号,品牌,售价(元)").row(record) else {
            throw TextFault("row", zh: "", en: "")
        }
        #expect(row["make"] == nil)
        #expect(row["price"] == nil)
    }

    @Test func `headers that cannot be mapped are refused with every fault`() {
        #expect(faults("品牌,售价(元)") == ["/vin missing_column"])
        #expect(faults("车架号,报价(万元),售价(元)") == ["/columns/2 ambiguous_columns"])
        #expect(faults("VIN,车架号,颜色,车身颜色") == ["/columns/1 ambiguous_columns", "/columns/3 ambiguous_columns"])
    }

    @Test func `a rule counts more than a heading`() throws {
        let price = ColumnRule(heading: "批发价(万元)", field: "price")
        let mapping = try mapping("车架号,售价(元),批发价（万元）", rules: [price])
        #expect(mapping.unknownColumns.map(\.heading) == ["售价(元)"])
        let record = try #require(Reading("\(Self.vin),1,2").records.first)
        guard case .row(let row) = mapping.row(record) else { throw TextFault("row", zh: "", en: "") }
        #expect(row["price"]?.money?.fen == 2_000_000)
    }

    @Test func `a rule settles what is ambiguous, or names a unit`() {
        #expect(faults("车架号,报价(万元),售价(元)", rules: [.init(heading: "售价(元)", field: nil)]).isEmpty)
        #expect(faults("车架号,报价(万元),售价(元)", rules: [.init(heading: "售价(元)", field: "price")]).isEmpty)
        #expect(faults("车架号,里程", rules: [.init(heading: "里程", field: "odometer_km", unit: .kilometre)]).isEmpty)
    }

    @Test func `rules that do not fit the file are refused`() {
        #expect(
            faults("车架号", rules: [.init(heading: "库位", field: "location")]) == [
                "/mapping/0/heading mapped_column_missing"
            ]
        )
        #expect(faults("车架号,库位", rules: [.init(heading: "库位", field: "nowhere")]) == ["/mapping/0/field unknown_field"])
        #expect(
            faults("车架号,里程", rules: [.init(heading: "里程", field: "odometer_km", unit: .yuan)])
                == ["/mapping/0/unit unit_mismatch"]
        )
        #expect(faults("车架号,x,x", rules: [.init(heading: "x", field: "make")]) == ["/columns/2 ambiguous_columns"])
    }

    @Test func `a title above the header has no known headings`() throws {
        let records = Reading("库存表,,\n车架号,售价(元),备注\n").records
        #expect(records.map { ColumnMapping.knownHeadings(in: $0) } == [0, 2])
    }
}
