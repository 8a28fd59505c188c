package import Core
package import History
import Identity

/// What a dealer says about the car that he offers.
package struct ListingContent: Sendable, Hashable {
    package var title: String
    package var text: String?
    package var vehicle: VehicleDetails
    package var location: Location?
    package var odometerKm: Int64
    package var price: Price
    /// What is to be paid besides. Never anything where the price is an all-in one.
    package var fees: [Fee]
    package var included: Set<Service>
    /// The answers that were given. A draft may lack some.
    package var disclosures: [Disclosure: TriState]
    /// What the seller tells of a recall that was not remedied.
    package var recallNotice: String?
    /// Where the mortgagee agrees to the sale.
    package var mortgageConsent: String?
    package var stock: Stock?

    package struct Price: Sendable, Hashable {
        package let kind: Kind
        package let amount: Money

        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// 一口价: transfer, inspection and reconditioning are in it, and nothing comes on top.
            case onePrice = "one_price"
            case asking
        }
    }

    package struct Fee: Sendable, Hashable {
        package let name: String
        package let amount: Money
    }

    package enum Service: String, Sendable, Hashable, CaseIterable {
        case transfer
        case inspection
        case reconditioning

        var label: LocalizedText {
            switch self {
            case .transfer: LocalizedText(zh: "包过户", en: "Transfer included")
            case .inspection: LocalizedText(zh: "包检测", en: "Inspection included")
            case .reconditioning: LocalizedText(zh: "包整备", en: "Reconditioning included")
            }
        }
    }

    /// What a buyer pays in all.
    package var total: Money { Money(fen: fees.reduce(price.amount.fen) { $0 + $1.amount.fen }) }
}

/// Limits of what is said, each with its unit.
enum ListingLimits {
    static let titleCharacters = 1...60
    static let textCharacters = 1...5000
    static let noticeCharacters = 1...500
    static let feeNameCharacters = 1...40
    static let fees = 0...10
    /// 1 yuan to 100 million yuan.
    static let priceFen: ClosedRange<Int64> = 100...10_000_000_000
    static let feeFen: ClosedRange<Int64> = 1...100_000_000
    static let odometerKm: ClosedRange<Int64> = 0...2_000_000
    /// Prices that are shown of the past.
    static let shownPrices = 100
    static let reasonCharacters = 1...500
}

// MARK: - JSON

extension ListingContent {
    var members: [JSON.Member] {
        [
            .init("title", JSON(title)),
            .init("text", .optional(text, JSON.string)),
            .init("vehicle", vehicle.json),
            .init("location", .optional(location) { $0.json }),
            .init("odometer_km", .integer(odometerKm)),
            .init(
                "price",
                ["kind": JSON(price.kind.rawValue), "amount": .integer(price.amount.fen), "currency": "CNY"]
            ),
            .init("fees", .array(fees.map(\.json))),
            .init(
                "included",
                .array(
                    Service.allCases.filter(included.contains).map { service in
                        [
                            "service": JSON(service.rawValue), "amount": 0, "currency": "CNY",
                            "label": ["zh": JSON(service.label.zh), "en": JSON(service.label.en)],
                        ]
                    }
                )
            ),
            .init("disclosures", .object(Disclosure.allCases.map { JSON.Member($0.rawValue, disclosed($0)) })),
            .init("recall_notice", .optional(recallNotice, JSON.string)),
            .init("mortgage_consent", .optional(mortgageConsent, JSON.string)),
        ]
    }

    private func disclosed(_ disclosure: Disclosure) -> JSON {
        guard let answer = disclosures[disclosure] else { return .null }
        let sentence = disclosure.sentence(answer)
        return ["answer": JSON(answer.rawValue), "zh": JSON(sentence.zh), "en": JSON(sentence.en)]
    }

    /// As it is sent, and as it is stored.
    package var request: JSON {
        [
            "title": JSON(title),
            "text": .optional(text, JSON.string),
            "vehicle": vehicle.json,
            "location": .optional(location) { $0.json },
            "odometer_km": .integer(odometerKm),
            "price": ["kind": JSON(price.kind.rawValue), "amount": .integer(price.amount.fen), "currency": "CNY"],
            "fees": .array(fees.map(\.json)),
            "included": .array(Service.allCases.filter(included.contains).map { JSON($0.rawValue) }),
            "disclosures": .object(
                Disclosure.allCases.compactMap { disclosure in
                    disclosures[disclosure].map { .init(disclosure.rawValue, JSON($0.rawValue)) }
                }
            ),
            "recall_notice": .optional(recallNotice, JSON.string),
            "mortgage_consent": .optional(mortgageConsent, JSON.string),
            "stock": .optional(stock) { $0.json },
        ]
    }

    /// As it is with a merge patch (RFC 7396) upon it.
    package func merged(with patch: JSON) -> JSON { request.merged(with: patch) }
}

extension ListingContent.Fee {
    var json: JSON { ["name": JSON(name), "amount": .integer(amount.fen), "currency": "CNY"] }
}

// MARK: - Reading

extension ListingContent {
    /// - Throws: nothing by itself: every fault is in the reader's collector.
    init?(_ reader: inout ObjectReader) {
        let title = reader.line("title", length: ListingLimits.titleCharacters)
        let text = reader.string("text", required: false, length: ListingLimits.textCharacters)
        let vehicle = VehicleDetails(&reader)
        let location = Location(&reader)
        let odometer = reader.integer("odometer_km", in: ListingLimits.odometerKm)
        let price = Price(&reader)
        let fees = Self.fees(&reader)
        let included = reader.distinct("included", Service.self)
        let disclosures = Self.disclosures(&reader)
        recallNotice = reader.string("recall_notice", required: false, length: ListingLimits.noticeCharacters)
        mortgageConsent = reader.string("mortgage_consent", required: false, length: ListingLimits.noticeCharacters)
        stock = Stock(&reader)
        guard let title, let odometer, let price else { return nil }
        self.title = title
        self.text = text
        self.vehicle = vehicle
        self.location = location
        odometerKm = odometer
        self.price = price
        self.fees = fees
        self.included = price.kind == .onePrice ? Set(Service.allCases) : included
        self.disclosures = disclosures
        if price.kind == .onePrice { Self.refuseExtras(fees, in: &reader) }
    }

    /// 明码标价和禁止价格欺诈规定 (2022) article 8, read: nothing is charged beyond the marked price.
    private static func refuseExtras(_ fees: [Fee], in reader: inout ObjectReader) {
        guard !fees.isEmpty else { return }
        reader.fault(
            "fees",
            "above_one_price",
            zh: "一口价已含过户、检测、整备，不得另收任何费用（《明码标价和禁止价格欺诈规定》第八条）",
            en: "One price is all there is to pay: no fee may come on top (Provisions on Clearly Marked Prices and the "
                + "Prohibition of Price Fraud, article 8)"
        )
    }

    private static func fees(_ reader: inout ObjectReader) -> [Fee] {
        let elements = reader.array("fees", count: ListingLimits.fees, required: false) ?? []
        return elements.enumerated().compactMap { index, element in
            guard let members = element.members else {
                reader.fault("fees", "wrong_type", zh: "须为对象的数组", en: "Must be an array of objects")
                return nil
            }
            let pointer = "\(reader.pointer(to: "fees"))/\(index)"
            var fee = ObjectReader(members: members, pointer: pointer, faults: reader.faults)
            let name = fee.line("name", length: ListingLimits.feeNameCharacters)
            let amount = fee.integer("amount", in: ListingLimits.feeFen)
            fee.currency()
            fee.refuseUnknownMembers()
            guard let name, let amount else { return nil }
            return Fee(name: name, amount: Money(fen: amount))
        }
    }

    private static func disclosures(_ reader: inout ObjectReader) -> [Disclosure: TriState] {
        guard var answers = reader.object("disclosures", required: false) else { return [:] }
        var disclosures: [Disclosure: TriState] = [:]
        for disclosure in Disclosure.allCases {
            disclosures[disclosure] = answers.oneOf(disclosure.rawValue, TriState.self, required: false)
        }
        answers.refuseUnknownMembers()
        return disclosures
    }
}

extension ListingContent.Price {
    fileprivate init?(_ reader: inout ObjectReader) {
        guard var price = reader.object("price") else { return nil }
        let kind = price.oneOf("kind", Kind.self)
        let amount = price.integer("amount", in: ListingLimits.priceFen)
        price.currency()
        price.refuseUnknownMembers()
        guard let kind, let amount else { return nil }
        self.init(kind: kind, amount: Money(fen: amount))
    }
}

extension ObjectReader {
    mutating func currency() {
        if let currency = string("currency", length: 1...3), currency != "CNY" {
            fault("currency", "not_allowed", zh: "只能是 CNY", en: "Must be CNY")
        }
    }
}
