import Core
import Tabular
import Testing

@testable import Pricing

@Suite struct MappingTests {
    private static let document = """
        format: chexin-pricing-mapping/1
        source: test
        kind: auction
        currency: USD
        price: {column: Price, unit: unit}
        sold_on: {column: Sold, date_order: dmy}
        vehicle: [VIN]
        brand: Make
        series: Model
        trim: [Trim, Gearbox]
        model_year: Year
        registered_on: Year
        odometer: {column: Miles, unit: mi}
        energy: {column: Fuel, values: {Benzin: petrol, "*": other}}
        texts: {stem: {column: VIN, first: 3}}
        numbers: {grade: {column: Grade, scales: [{at_least: 10, divide_by: 10}]}}
        """

    private static func records(_ text: String) throws -> [CSVRecord] {
        let reader = CSVReader()
        return try reader.take(Array(text.utf8)) + reader.finish()
    }

    private static let table = """
        VIN,Sold,Make,Model,Trim,Gearbox,Year,Miles,Fuel,Grade,Price
        ABC1,05/03/2020,Ford,Focus,Zetec,Manual,2017.0,10000,Benzin,37,"12,500"
        ABC2,06/03/2020,FORD, focus ,,,2016,,Strom,4.1,9000.50
        ABC3,06/03/2020,Ford,Focus,,,2016,,Strom,4.1,
        """

    @Test func `rows become sales as the mapping says`() throws {
        let mapping = try SourceMapping(reading: Array(MappingTests.document.utf8))
        let records = try MappingTests.records(MappingTests.table)
        let reader = try SaleReader(mapping: mapping, header: records[0])
        let first = try #require(reader.sale(records[1]))
        #expect(first.priceFen == 1_250_000)
        #expect(first.soldOn == CalendarDate(year: 2020, month: 3, day: 5))
        #expect(first.car.trim == "zetec manual" && first.car.modelYear == 2017)
        #expect(first.car.registeredOn == CalendarDate(year: 2017, month: 7, day: 1))
        #expect(first.car.odometerKm == 16_093)
        #expect(first.car.energy == .petrol && first.car.texts["stem"] == "abc")
        #expect(first.car.numbers["grade"] == 3700)
        let second = try #require(reader.sale(records[2]))
        #expect(second.car.seriesKey == first.car.seriesKey && second.car.trim == nil)
        #expect(second.car.energy == .other && second.car.numbers["grade"] == 4100)
        #expect(second.priceFen == 900_050 && second.vehicle != first.vehicle)
        #expect(reader.sale(records[3]) == nil)
    }

    @Test func `columns that are not there are all named`() throws {
        let mapping = try SourceMapping(reading: Array(MappingTests.document.utf8))
        let header = try MappingTests.records("VIN,Price,Make\n")
        let failure = try #require(throws: Failure.self) { try SaleReader(mapping: mapping, header: header[0]) }
        #expect(failure.type == .mappingMismatch)
        #expect(["Sold", "Model", "Miles"].allSatisfy { failure.detail.en.contains($0) })
    }

    @Test(arguments: [
        ("kind: auction", "kind: gift", "unknown_value"), ("source: test", "", "missing"),
        ("unit: mi}", "unit: ells}", "unknown_unit"), ("brand: Make", "maker: Make", "unknown_member"),
        ("vehicle: [VIN]", "vehicle: {first: 3}", "no_column"),
        ("mapping/1", "mapping/9", "unknown_format"),
    ])
    func `a faulty mapping is refused`(right: String, wrong: String, code: String) throws {
        let text = MappingTests.document.replacing(right, with: wrong)
        let failure = try #require(throws: Failure.self) { try SourceMapping(reading: Array(text.utf8)) }
        #expect(failure.type == .invalidMapping && failure.faults.contains { $0.code == code })
    }

    @Test(
        arguments: [
            ("2021-03-05", nil, "2021-03-05"), ("2021/3/5", nil, "2021-03-05"), ("20210305", nil, "2021-03-05"),
            ("2021-03", nil, "2021-03-15"), ("202103.0", nil, "2021-03-15"), ("2021", nil, "2021-07-01"),
            ("2021-03-05T10:00:00Z", nil, "2021-03-05"), ("05.03.2021", "dmy", "2021-03-05"),
            ("3/5/2021", "mdy", "2021-03-05"), ("2021-13-01", nil, nil), ("soon", nil, nil), ("", nil, nil),
        ] as [(String, String?, String?)]
    )
    func `days are read as sources write them`(text: String, order: String?, day: String?) {
        #expect(SourceDate.read(text, order: order)?.description == day)
    }

    @Test(
        arguments: [
            ("12.3456", 3, 12_346), ("-0.5", 3, -500), ("1,234", 2, 123_400), ("7", 0, 7), ("0.0049", 2, 0),
            ("", 2, nil),
            ("1.2.3", 2, nil), ("abc", 2, nil), ("99999999999999999999", 2, nil),
        ] as [(String, Int, Int64?)]
    )
    func `decimals are read without floating point`(text: String, digits: Int, value: Int64?) {
        #expect(FixedPoint.read(text, digits: digits) == value)
    }
}
