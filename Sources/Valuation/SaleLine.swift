import Core
import Pricing

/// A sale as a line of JSON states it.
enum SaleLine {
    static let vehicleCharacters = 1...100
    static let priceFen: ClosedRange<Int64> = 100...10_000_000_000

    /// - Throws: what is wrong with the line.
    static func sale(_ line: [UInt8], today: CalendarDate) throws -> Sale {
        var reader = try ObjectReader(try JSONParser.parse(line, maximumDepth: JSONParser.requestDepth))
        var car = CarFacts()
        if var object = reader.object("car") { car = CarStatement.car(&object) }
        let priceFen = reader.integer("price_fen", in: priceFen)
        let soldOn = reader.date("sold_on")
        if let soldOn, soldOn > today {
            reader.fault("sold_on", "in_future", zh: "不能晚于今天", en: "Must not be in the future")
        }
        let vehicle = reader.string("vehicle", required: false, length: vehicleCharacters)
        let kind = reader.oneOf("kind", SaleKind.self)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let priceFen, let soldOn, let kind else { throw Failure(.invalidRequest) }
        // Where nothing tells the car apart, what is said of it has to.
        let key = vehicle.map { [$0] } ?? [String(decoding: car.statement.canonicalBytes, as: UTF8.self)]
        return Sale(car: car, priceFen: priceFen, soldOn: soldOn, vehicle: VehicleKey.hash(key), kind: kind)
    }
}
