import Core
import Identity
import Listings
import Storage
import Valuation
import Web

/// What a dealer says of a car, before its listing, its history and the market have been asked.
struct QuoteDraft: Sendable {
    private let listing: ListingID?
    private let vin: VIN?
    private let firstRegisteredOn: CalendarDate?
    private let inServiceOn: CalendarDate?
    private let odometerKm: Int64?
    private let use: SaleFacts.Use
    private let energy: SaleFacts.Energy?
    private let segment: SaleFacts.Segment
    private let price: Money?
    private let marketValue: Money?
    private let seller: SaleFacts.Seller
    private let province: Province?
    private let promise: SaleFacts.MakersPromise?
    private let deductible: Money
    private let isWithPackage: Bool

    /// - Throws: `invalidRequest` with every fault.
    init(_ json: JSON) throws {
        var reader = try ObjectReader(json)
        let draft = QuoteDraft(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let draft else { throw Failure(.invalidRequest) }
        self = draft
    }

    /// What a listing says need not be said again.
    private init?(_ reader: inout ObjectReader) {
        listing = reader.parsed("listing", required: false) { (text: String) throws(TextFault) in
            guard let id = ListingID(text) else {
                throw TextFault("format", zh: "不是车源编号", en: "No number of a listing")
            }
            return id
        }
        let isAlone = listing == nil
        vin = reader.value("vin", as: VIN.self, required: isAlone)
        firstRegisteredOn = reader.date("first_registered_on", required: isAlone)
        inServiceOn = reader.date("in_service_on", required: false)
        odometerKm = reader.odometer("odometer_km", required: isAlone)?.kilometres
        let use = reader.oneOf("use", SaleFacts.Use.self)
        energy = reader.oneOf("energy", SaleFacts.Energy.self, required: isAlone)
        let segment = reader.oneOf("segment", SaleFacts.Segment.self)
        price = reader.money("price", fen: WarrantyLimits.priceFen, required: isAlone)
        marketValue = reader.money("market_value", fen: WarrantyLimits.priceFen, required: false)
        let seller = reader.oneOf("seller", SaleFacts.Seller.self, required: false)
        province = reader.oneOf("province", Province.self, required: isAlone)
        promise = reader.object("makers_promise", required: false).flatMap { SaleFacts.MakersPromise($0) }
        let deductible = reader.money("deductible", fen: WarrantyLimits.deductibleFen, required: false)
        isWithPackage = reader.bool("with_package", required: false) ?? true
        guard let use, let segment else { return nil }
        self.use = use
        self.segment = segment
        self.seller = seller ?? .dealer
        self.deductible = deductible ?? .zero
    }

    /// What the history says counts, whatever the dealer says, and the market's estimate whatever he thinks of it.
    ///
    /// - Throws: `notFound` for a listing that is not his, `invalidRequest` with what is missing or contradicts.
    func request(_ tx: any Transaction, by principal: Principal?, market: Market?) throws -> QuoteRequest {
        let offer = try listing.map { try Listings.get(tx, $0) { Policy.owns(principal, $0.dealer.text) } }
        let car = try car(offer)
        let (record, today) = (try CarRecord(tx, vin: car.vin), tx.now.dateInChina)
        try check(car, record, on: today)
        var sale = SaleFacts(
            vin: car.vin,
            firstRegisteredOn: car.firstRegisteredOn,
            inServiceOn: inServiceOn,
            odometerKm: car.odometerKm,
            // What was driven for hire is no private car, whatever it is now.
            use: record.findings.contains("commercial_use") ? .commercial : use,
            energy: car.energy,
            segment: segment,
            grade: record.grade,
            findings: record.findings,
            price: car.price,
            marketValue: marketValue ?? car.price,
            seller: seller,
            region: car.province.rawValue,
            soldOn: today,
            makersPromise: promise
        )
        let value = try MarketValue.find(tx, sale, record, offer: offer, stated: marketValue, market: market)
        sale.marketValue = value.amount
        return QuoteRequest(sale: sale, deductible: deductible, isWithPackage: isWithPackage, value: value.source)
    }

    /// What has to be known of it.
    private struct Car {
        let vin: VIN
        let firstRegisteredOn: CalendarDate
        let odometerKm: Int64
        let energy: SaleFacts.Energy
        let price: Money
        let province: Province
    }

    private func car(_ offer: Listing?) throws -> Car {
        let faults = FaultCollector()
        func known<Value>(_ name: String, _ value: Value?) -> Value? {
            if value == nil {
                faults.add("/\(name)", "required", zh: "车源中也没有填写", en: "The listing does not say it either")
            }
            return value
        }
        if let offer, let vin, vin != offer.vin {
            faults.add("/vin", "not_allowed", zh: "与车源的车架号不同", en: "Not the VIN of the listing")
        }
        let content = offer?.content
        let vin = known("vin", vin ?? offer?.vin)
        let registered = known("first_registered_on", firstRegisteredOn ?? content?.vehicle.firstRegisteredOn)
        let odometer = known("odometer_km", odometerKm ?? content?.odometerKm)
        let energy = known("energy", energy ?? content?.vehicle.energy)
        // Everything that the buyer pays for the car: that is what the packages go by.
        let price = known("price", price ?? content?.total)
        let province = known("province", province ?? content?.location?.province)
        try faults.throwIfAny()
        guard let vin, let registered, let odometer, let energy, let price, let province else {
            throw Failure(.invalidRequest)
        }
        return Car(
            vin: vin,
            firstRegisteredOn: registered,
            odometerKm: odometer,
            energy: energy,
            price: price,
            province: province
        )
    }

    private func check(_ car: Car, _ record: CarRecord, on today: CalendarDate) throws {
        let faults = FaultCollector()
        for (name, date) in [("first_registered_on", car.firstRegisteredOn), ("in_service_on", inServiceOn ?? today)]
        where date > today {
            faults.add("/\(name)", "in_the_future", zh: "晚于今天", en: "After today")
        }
        if let highest = record.highest(upTo: today), car.odometerKm < highest.km {
            faults.add(.belowLastReading(highest.km))
        }
        try faults.throwIfAny()
    }
}
