import Core
import Cryptography
import Identity
import Listings
import Storage

/// Limits of what is said, each with its unit.
enum WarrantyLimits {
    /// 1 yuan to 100 million yuan.
    static let priceFen: ClosedRange<Int64> = 100...10_000_000_000
    static let deductibleFen: ClosedRange<Int64> = 0...10_000_000
    static let extensions = 0...5
    static let acknowledged = 1...10
    static let nameCharacters = 1...60
    static let holderCharacters = 1...64
    static let reasonCharacters = 1...500
    static let placeCharacters = 1...100
    /// Contracts that are read at a time for the portfolio.
    static let batch = 200
    static let redemptionNumber: ClosedRange<Int64> = 1...1_000_000
}

extension QuoteRequest {
    /// What a dealer says of a car, before the history has been asked.
    struct Draft: Sendable {
        let vin: VIN
        let firstRegisteredOn: CalendarDate
        let inServiceOn: CalendarDate?
        let odometerKm: Int64
        let use: SaleFacts.Use
        let energy: SaleFacts.Energy
        let segment: SaleFacts.Segment
        let price: Money
        let marketValue: Money?
        let seller: SaleFacts.Seller
        let province: Province
        let promise: SaleFacts.MakersPromise?
        let deductible: Money
        let isWithPackage: Bool

        /// - Throws: `invalidRequest` with every fault.
        init(_ json: JSON) throws {
            var reader = try ObjectReader(json)
            let draft = Draft(&reader)
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            guard let draft else { throw Failure(.invalidRequest) }
            self = draft
        }

        private init?(_ reader: inout ObjectReader) {
            let vin = reader.value("vin", as: VIN.self)
            let firstRegisteredOn = reader.date("first_registered_on")
            inServiceOn = reader.date("in_service_on", required: false)
            let odometer = reader.odometer("odometer_km")
            let use = reader.oneOf("use", SaleFacts.Use.self)
            let energy = reader.oneOf("energy", SaleFacts.Energy.self)
            let segment = reader.oneOf("segment", SaleFacts.Segment.self)
            let price = reader.money("price", fen: WarrantyLimits.priceFen)
            marketValue = reader.money("market_value", fen: WarrantyLimits.priceFen, required: false)
            let seller = reader.oneOf("seller", SaleFacts.Seller.self, required: false)
            let province = reader.oneOf("province", Province.self)
            promise = reader.object("makers_promise", required: false).flatMap { SaleFacts.MakersPromise($0) }
            let deductible = reader.money("deductible", fen: WarrantyLimits.deductibleFen, required: false)
            isWithPackage = reader.bool("with_package", required: false) ?? true
            guard let vin, let firstRegisteredOn, let odometer, let use, let energy, let segment, let price,
                let province
            else { return nil }
            self.vin = vin
            self.firstRegisteredOn = firstRegisteredOn
            odometerKm = odometer.kilometres
            self.use = use
            self.energy = energy
            self.segment = segment
            self.price = price
            self.seller = seller ?? .dealer
            self.province = province
            self.deductible = deductible ?? .zero
        }

        /// What the history says counts, whatever the dealer says.
        func request(_ tx: any Transaction) throws -> QuoteRequest {
            let (record, today) = (try CarRecord(tx, vin: vin), tx.now.dateInChina)
            try check(record, on: today)
            // What was driven for hire is no private car, whatever it is now.
            let wasForHire = record.findings.contains("commercial_use")
            let sale = SaleFacts(
                vin: vin,
                firstRegisteredOn: firstRegisteredOn,
                inServiceOn: inServiceOn,
                odometerKm: odometerKm,
                use: wasForHire ? .commercial : use,
                energy: energy,
                segment: segment,
                grade: record.grade,
                findings: record.findings,
                price: price,
                marketValue: marketValue ?? price,
                seller: seller,
                region: province.rawValue,
                soldOn: today,
                makersPromise: promise
            )
            return QuoteRequest(sale: sale, deductible: deductible, isWithPackage: isWithPackage)
        }

        private func check(_ record: CarRecord, on today: CalendarDate) throws {
            let faults = FaultCollector()
            for (name, date) in [("first_registered_on", firstRegisteredOn), ("in_service_on", inServiceOn ?? today)]
            where date > today {
                faults.add("/\(name)", "in_the_future", zh: "晚于今天", en: "After today")
            }
            if let highest = record.highest(upTo: today), odometerKm < highest.km {
                faults.add(.belowLastReading(highest.km))
            }
            try faults.throwIfAny()
        }
    }
}

extension Warranties.Sale {
    /// - Throws: `invalidRequest` with every fault.
    init(_ json: JSON) throws {
        var reader = try ObjectReader(json)
        let quote = reader.parsed("quote") { (text: String) throws(TextFault) in try WarrantyQuoteID(reading: text) }
        let tier = reader.string("tier", length: WarrantyLimits.nameCharacters)
        let extensions = reader.objects("extensions", count: WarrantyLimits.extensions, required: false)
            .compactMap { IssueRequest.ExtensionChoice($0) }
        let deliveredOn = reader.date("delivered_on")
        let invoicedOn = reader.date("invoiced_on", required: false)
        let odometer = reader.odometer("odometer_km")
        let holder = reader.holder("holder")
        let acknowledged = reader.hashes("acknowledged")
        let isPaid = reader.bool("is_paid", required: false) ?? false
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let quote, let tier, let deliveredOn, let odometer, let holder else { throw Failure(.invalidRequest) }
        self.init(
            quote: quote,
            issue: IssueRequest(
                tier: tier,
                extensions: extensions,
                deliveredOn: deliveredOn,
                invoicedOn: invoicedOn,
                odometerKm: odometer.kilometres,
                acknowledged: acknowledged
            ),
            holder: holder,
            isPaid: isPaid
        )
    }
}

extension IssueRequest.ExtensionChoice {
    fileprivate init?(_ object: ObjectReader) {
        var reader = object
        let plan = reader.string("plan", length: WarrantyLimits.nameCharacters)
        let insurer = reader.line("insurer", length: WarrantyLimits.nameCharacters)
        let number = reader.line("policy_number", length: WarrantyLimits.nameCharacters)
        reader.refuseUnknownMembers()
        guard let plan, let insurer, let number else { return nil }
        self.init(plan: plan, insurer: insurer, policyNumber: number)
    }
}

extension ID {
    fileprivate init(reading text: String) throws(TextFault) {
        guard let id = ID(text) else { throw TextFault("id_format", zh: "标识格式不对", en: "Not an identifier") }
        self = id
    }
}

extension ObjectReader {
    /// Who holds a contract, by a reference of the dealer's own: no name and no number of a person comes here.
    mutating func holder(_ name: String) -> String? {
        parsed(name) { (text: String) throws(TextFault) in
            let isPlain: (UInt8) -> Bool = { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            guard WarrantyLimits.holderCharacters.contains(text.utf8.count), text.utf8.allSatisfy(isPlain) else {
                throw TextFault(
                    "reference_format",
                    zh: "须为 1 至 64 位字母、数字、_、- 或 . 的客户编号，不得填写姓名",
                    en: "A reference of 1 to 64 letters, digits, _, - or .: not a name"
                )
            }
            return text
        }
    }

    mutating func hashes(_ name: String) -> Set<Digest> {
        let texts = array(name, count: WarrantyLimits.acknowledged) ?? []
        let hashes = texts.compactMap { $0.stringValue.flatMap { Digest(hex: $0) } }
        if hashes.count < texts.count {
            fault(name, "hash_format", zh: "须为 64 位小写十六进制的列表", en: "Must be a list of 64 lower-case hexadecimal digits")
        }
        return Set(hashes)
    }
}
