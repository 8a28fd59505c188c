import Core
import Support
import Tabular
import Testing

@testable import Listings

/// What dealers write, and what becomes of it.
@Suite struct InventoryRowTests {
    static let vin = "LFV2A21K8G4012345"

    private func outcome(_ read: () throws(TextFault) -> String) -> String {
        do throws(TextFault) {
            return try read()
        } catch {
            return error.code
        }
    }

    @Test(
        arguments: TextTable(
            """
            written              | place
            杭州                 | CN-ZJ 杭州
            杭州市               | CN-ZJ 杭州
            浙江杭州             | CN-ZJ 杭州
            浙江省杭州市         | CN-ZJ 杭州
            浙江-杭州            | CN-ZJ 杭州
            浙江 / 杭州          | CN-ZJ 杭州
            浙江省杭州市余杭区文一西路 | CN-ZJ 杭州
            杭州余杭区           | CN-ZJ 杭州
            北京                 | CN-BJ 北京
            北京市朝阳区         | CN-BJ 北京
            重庆                 | CN-CQ 重庆
            朝阳                 | CN-LN 朝阳
            吉林市               | CN-JL 吉林
            吉林省吉林市         | CN-JL 吉林
            广西壮族自治区柳州市 | CN-GX 柳州
            内蒙古鄂尔多斯       | CN-NM 鄂尔多斯
            延边朝鲜族自治州     | CN-JL 延边
            新疆伊犁哈萨克自治州 | CN-XJ 伊犁
            海南州               | CN-QH 海南
            海南海口             | CN-HI 海口
            香港                 | CN-HK 香港
            神农架林区           | CN-HB 神农架
            浙江                 | city_missing
            吉林                 | city_missing
            海南省               | city_missing
            浙江南京             | unknown_place
            东京                 | unknown_place
            杭州湾               | unknown_place
            本市                 | unknown_place
            """
        ).rows
    )
    func `places are read as they are written`(row: TextTable.Row) {
        let place = outcome { () throws(TextFault) in
            let location = try WrittenPlace.read(row["written"])
            return "\(location.province.rawValue) \(location.city)"
        }
        #expect(place == row["place"])
    }

    @Test func `every province has a city, and no name stands for two but one`() {
        let names = Dictionary(grouping: Cities.all, by: \.name).filter { $0.value.count > 1 }
        #expect(names.isEmpty)
        #expect(Set(Cities.all.map(\.province)) == Set(Province.allCases))
        #expect(Cities.all.count > 340)
    }

    @Test(
        arguments: TextTable(
            """
            kind         | written              | read
            energy       | 汽油                 | petrol
            energy       | 柴油                 | diesel
            energy       | 油电混动             | hybrid
            energy       | HEV                  | hybrid
            energy       | 48V轻混系统          | petrol
            energy       | 插混                 | plug_in_hybrid
            energy       | ＰＨＥＶ             | plug_in_hybrid
            energy       | 增程式               | range_extended
            energy       | 纯 电 动             | battery
            energy       | EV                   | battery
            energy       | 氢燃料电池           | fuel_cell
            energy       | CNG                  | gas
            energy       | 新能源               | unknown_energy
            gearbox      | 手动                 | manual
            gearbox      | 6挡手动              | manual
            gearbox      | 5MT                  | manual
            gearbox      | 自动                 | automatic
            gearbox      | 手自一体             | automatic
            gearbox      | 8挡手自一体(AT)      | automatic
            gearbox      | 7挡湿式双离合        | dual_clutch
            gearbox      | 双离合变速箱（DCT）  | dual_clutch
            gearbox      | CVT无级变速          | cvt
            gearbox      | E-CVT                | cvt
            gearbox      | AMT                  | automated_manual
            gearbox      | 电动车单速变速箱     | single_speed
            gearbox      | 好                   | unknown_gearbox
            stage        | 国五                 | china_5
            stage        | 国V                  | china_5
            stage        | 国Ⅴ                  | china_5
            stage        | 国5                  | china_5
            stage        | 国IV(带OBD)          | china_4
            stage        | 国六b                | china_6b
            stage        | 国VIB                | china_6b
            stage        | 国6a                 | china_6a
            stage        | 国六                 | -
            stage        | 国VI                 | -
            stage        | 欧五                 | unknown_emission_stage
            displacement | 1.5L                 | 1500
            displacement | 1.5T                 | 1500
            displacement | 1.998L               | 1998
            displacement | 1498ml               | 1498
            displacement | 1498CC               | 1498
            displacement | 1498                 | 1498
            displacement | 1.5                  | 1500
            displacement | 2                    | 2000
            displacement | 2.0升                | 2000
            displacement | 0                    | -
            displacement | 纯电动               | -
            displacement | 1.5.2L               | unknown_displacement
            displacement | 1.L                  | unknown_displacement
            displacement | -1.5L                | unknown_displacement
            displacement | 99999ml              | unknown_displacement
            displacement | 大                   | unknown_displacement
            """
        ).rows
    )
    func `words and sizes are read as they are written`(row: TextTable.Row) {
        let read = outcome { () throws(TextFault) in
            switch row["kind"] {
            case "energy": try InventoryWords.energy(row["written"]).rawValue
            case "gearbox": try InventoryWords.gearbox(row["written"]).rawValue
            case "stage": try InventoryWords.emissionStage(row["written"])?.rawValue ?? "-"
            default: try WrittenDisplacement.read(row["written"]).map { "\($0)" } ?? "-"
            }
        }
        #expect(read == row["read"])
    }

    // MARK: Rows

    private static let header =
        "车架号,品牌,车系,车型,年款,上牌日期,表显里程(公里),报价(万元),新车指导价(万),颜色,排放标准,变速箱,燃料类型,排量,过户次数,所在城市,库存编号,入库日期,车况描述,车牌号"

    private func read(_ cells: String, header: String = header) throws -> Result<InventoryRow, RowRefusal> {
        let reader = CSVReader(encoding: .utf8)
        let records = try reader.take(Array("\(header)\n\(cells)\n".utf8)) + reader.finish()
        let mapping = try ColumnMapping(header: records[0], schema: ListingFields.schema)
        return Result { () throws(RowRefusal) in try InventoryRow(records[1], mapping) }
    }

    @Test func `a row of a stock system becomes a listing`() throws {
        let row = try read(
            "\(Self.vin),大众,朗逸,2021款 1.5L 自动舒适版,2021,2021年5月,45000,8.88,11.59,白,国VIb,6挡手自一体,汽油,"
                + "1.5L,1次,浙江省杭州市,A-17,2026/2/1,一手车,坏牌照"
        ).get()
        let content = try row.newContent()
        #expect(content.title == "大众 朗逸 2021款 1.5L 自动舒适版")
        #expect(content.price == .init(kind: .asking, amount: Money(fen: 8_880_000)))
        #expect(content.odometerKm == 45_000)
        #expect(content.vehicle.energy == .petrol)
        #expect(content.vehicle.emissionStage == .china6b)
        #expect(content.vehicle.displacementMl == 1500)
        #expect(content.vehicle.guidePrice == Money(fen: 11_590_000))
        #expect(content.vehicle.firstRegisteredOn?.description == "2021-05-01")
        #expect(content.location == Location(province: .zhejiang, city: "杭州"))
        #expect(content.stock?.number == "A-17")
        #expect(content.text == "一手车")
        #expect(row.notes.isEmpty)
    }

    @Test func `a row speaks only of what it has`() throws {
        let row = try read("\(Self.vin),9.5万", header: "VIN,售价").get()
        #expect(row.members == ["price": ["amount": 9_500_000, "currency": "CNY"]])
        #expect(throws: Failure.self) { try row.newContent() }
        let promised = try read("\(Self.vin),9.5万,一口价,大众", header: "VIN,售价,价格类型,品牌").get()
        #expect(promised.members["price"]?["kind"] == "one_price")
    }

    @Test func `every fault is told with its column`() throws {
        let result = try read("\(Self.vin),核动力,国六,东京,大", header: "VIN,燃料类型,排放标准,城市,排量")
        guard case .failure(let refusal) = result else { throw Failure(.invalidRequest) }
        let faults = refusal.faults.map { fault in
            "\(fault.fault.pointer) \(fault.fault.code) \(fault.column ?? 0) \(fault.heading ?? "-")"
        }
        #expect(
            Set(faults) == [
                "/vehicle/energy unknown_energy 2 燃料类型", "/location unknown_place 4 城市",
                "/vehicle/displacement_ml unknown_displacement 5 排量",
            ]
        )
        #expect(refusal.vin?.text == Self.vin)
        #expect(try read("\(Self.vin),国六", header: "VIN,排放").get().notes.map(\.fault.code) == ["emission_stage_half"])
    }

    @Test func `a cell that cannot be read hides no other fault`() throws {
        let header = "VIN,表显里程(公里),燃料类型,品牌,售价,城市"
        let make = String(repeating: "长", count: 200)
        let result = try read("\(Self.vin),一万,核动力,\(make),9.5万,东京", header: header)
        guard case .failure(let refusal) = result else { throw Failure(.invalidRequest) }
        #expect(
            refusal.faults.map { "\($0.column ?? 0) \($0.fault.code)" } == [
                "2 not_a_number", "3 unknown_energy", "4 length", "6 unknown_place",
            ]
        )
        #expect(refusal.vin?.text == Self.vin)
        let line = #"{"vin":"LFV","title":"朗逸","odometer_km":-1,"colour":"red"}"#
        let bad = #expect(throws: RowRefusal.self) { try InventoryRow(line: Array(line.utf8)) }
        #expect(bad?.faults.map(\.fault.pointer) == ["/vin", "/odometer_km", "/colour"])
    }

    @Test func `a fault of the listing finds its column, or the name of the one that is missing`() throws {
        let reader = CSVReader(encoding: .utf8)
        let header = try (reader.take(Array("VIN,品牌\n".utf8)) + reader.finish())[0]
        let rows = RowReader.table(try ColumnMapping(header: header, schema: ListingFields.schema), separator: 0x2C)
        let make = rows.placed(Fault("/vehicle/make", "length", zh: "太长", en: "Too long"))
        #expect(make.column == 2)
        #expect(make.fault.detail.zh == "“品牌”：太长")
        let price = rows.placed(Fault("/price/amount", "required", zh: "缺少必填成员", en: "The member is required"))
        #expect(price.column == nil)
        #expect(price.fault.detail.zh == "“售价”：必填，不能为空")
        #expect(rows.placed(Fault("/title", "required", zh: "", en: "")).fault.detail.zh.contains("车系"))
        #expect(
            rows.placed(Fault("/disclosures/flood", "contradicts_history", zh: "a", en: "b")).fault.detail.zh == "a"
        )
    }

    @Test func `a line of JSON is the body of a listing`() throws {
        let row = try InventoryRow(line: Array(#"{"vin":"\#(Self.vin)","title":"朗逸","odometer_km":1}"#.utf8))
        #expect(row.members == ["title": "朗逸", "odometer_km": 1])
        for (line, code) in [
            ("{", "json_syntax"), ("[]", "not_an_object"), ("{}", "required"), (#"{"vin":1}"#, "wrong_type"),
        ] {
            let refusal = #expect(throws: RowRefusal.self) { try InventoryRow(line: Array(line.utf8)) }
            #expect(refusal?.faults.map(\.fault.code) == [code], "\(line)")
        }
    }
}
