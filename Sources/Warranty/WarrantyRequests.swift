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
    /// An edition is a text of some hundred kilobytes that people write.
    static let editionBytes = 4 << 20
    static let redemptionNumber: ClosedRange<Int64> = 1...1_000_000
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
