package import Core
import Cryptography

extension LocalizedText {
    package var json: JSON { ["zh": JSON(zh), "en": JSON(en)] }
}

extension ContractTerms {
    /// All of it: what is stored, hashed, and read again for every answer.
    package var json: JSON {
        [
            "format": JSON(ContractTerms.format),
            "id": JSON(id),
            "edition": JSON(edition),
            "book_hash": JSON(bookHash.hex),
            "sale": sale.json,
            "invoiced_on": JSON(invoicedOn),
            "layers": .array(layers.map(\.json)),
            "manufacturer": .optional(manufacturer) { $0.json },
            "grants": .array(grants.map(\.json)),
            "payment_due_on": JSON(paymentDueOn),
            "free_look_until": JSON(freeLookUntil),
            "renews": .optional(renews) { JSON($0) },
        ]
    }

    private static let format = "chexin-warranty/1"
    private static let layerCount = 1...20
    private static let grantCount = 0...40

    /// What `json` wrote.
    ///
    /// - Throws: `Failure.invalidRequest` for anything else.
    package init(json: JSON) throws {
        var reader = try ObjectReader(json)
        let format = reader.string("format")
        let id = reader.string("id").flatMap { ID<WarrantyTag>($0) }
        let edition = reader.string("edition")
        let bookHash = reader.digest("book_hash")
        let sale = reader.object("sale").flatMap { SaleFacts(stored: $0) }
        let invoicedOn = reader.date("invoiced_on")
        let layers = reader.objects("layers", count: ContractTerms.layerCount).compactMap { CoverLayer(stored: $0) }
        let manufacturer = reader.object("manufacturer", required: false).flatMap { ManufacturerCover(stored: $0) }
        let grants = reader.objects("grants", count: ContractTerms.grantCount).compactMap { GrantTerms(stored: $0) }
        let paymentDueOn = reader.date("payment_due_on")
        let freeLookUntil = reader.date("free_look_until")
        let renews = reader.string("renews", required: false).flatMap { ID<WarrantyTag>($0) }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard format == ContractTerms.format, let id, let edition, let bookHash, let sale, let invoicedOn,
            let paymentDueOn, let freeLookUntil
        else { throw Failure(.invalidRequest) }
        self.init(
            id: id,
            edition: edition,
            bookHash: bookHash,
            sale: sale,
            invoicedOn: invoicedOn,
            layers: layers,
            manufacturer: manufacturer,
            grants: grants,
            paymentDueOn: paymentDueOn,
            freeLookUntil: freeLookUntil,
            renews: renews
        )
    }
}

extension CoverLayer {
    package var json: JSON {
        [
            "payer": JSON(payer.rawValue),
            "id": JSON(id),
            "name": name.json,
            "period": period.json,
            "answers_from": .optional(answersFrom) { JSON($0) },
            "answers_from_odometer_km": .optional(answersFromKm, JSON.integer),
            "is_following": .bool(isFollowing),
            "deductible": deductible.json,
            "limits": .optional(limits) { $0.json },
            "lines": .array(lines.map(\.json)),
            "price": price.json,
            "policy": .optional(policy) { $0.json },
            "wording_hash": .optional(wordingHash) { JSON($0.hex) },
        ]
    }

    private static let lineCount = 0...40

    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let payer = reader.oneOf("payer", Payer.self)
        let id = reader.string("id")
        let name = reader.localizedText("name")
        let period = reader.object("period").flatMap { Period(stored: $0) }
        let answersFrom = reader.date("answers_from", required: false)
        let answersFromKm = reader.integer("answers_from_odometer_km", in: storedKm, required: false)
        let isFollowing = reader.bool("is_following")
        let deductible = reader.money("deductible")
        let limits = reader.object("limits", required: false).flatMap { Limits(stored: $0) }
        let lines = reader.objects("lines", count: CoverLayer.lineCount).compactMap { PriceLine(stored: $0) }
        let price = reader.money("price")
        let policy = reader.object("policy", required: false).flatMap { InsurerPolicy(stored: $0) }
        let wordingHash = reader.digest("wording_hash", required: false)
        reader.refuseUnknownMembers()
        guard let payer, let id, let name, let period, let isFollowing, let deductible, let price else { return nil }
        self.init(
            payer: payer,
            id: id,
            name: name,
            period: period,
            answersFrom: answersFrom,
            answersFromKm: answersFromKm,
            isFollowing: isFollowing,
            deductible: deductible,
            limits: limits,
            lines: lines,
            price: price,
            policy: policy,
            wordingHash: wordingHash
        )
    }
}

/// What an odometer can show when the longest term is over.
private let storedKm: ClosedRange<Int64> = 0...(OdometerKm.maximum * 2)

extension Period {
    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let start = reader.date("start")
        let end = reader.date("end")
        let startKm = reader.integer("start_odometer_km", in: storedKm)
        let endKm = reader.integer("end_odometer_km", in: storedKm)
        reader.refuseUnknownMembers()
        guard let start, let end, let startKm, let endKm else { return nil }
        self.init(start: start, end: end, startKm: startKm, endKm: endKm)
    }
}

extension Limits {
    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let claim = reader.money("claim")
        let component = reader.money("component")
        let total = reader.money("total")
        reader.refuseUnknownMembers()
        guard let claim, let component, let total else { return nil }
        self.init(claim: claim, component: component, total: total)
    }
}

extension PriceLine {
    private static let rates: ClosedRange<Int64> = 0...1_000_000

    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let id = reader.string("id")
        let label = reader.localizedText("label")
        let rate = reader.integer("rate_bp", in: PriceLine.rates, required: false)
        // A line may take something off.
        let amount = reader.money("amount", fen: -Money.maximumFen...Money.maximumFen)
        reader.refuseUnknownMembers()
        guard let id, let label, let amount else { return nil }
        self.init(id: id, label: label, rate: rate.map(BasisPoints.init), amount: amount)
    }
}

extension InsurerPolicy {
    package var json: JSON {
        [
            "insurer": JSON(insurer), "number": JSON(number), "premium": premium.json, "commission": commission.json,
        ]
    }

    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let insurer = reader.string("insurer")
        let number = reader.string("number")
        let premium = reader.money("premium")
        let commission = reader.money("commission")
        reader.refuseUnknownMembers()
        guard let insurer, let number, let premium, let commission else { return nil }
        self.init(insurer: insurer, number: number, premium: premium, commission: commission)
    }
}

extension ManufacturerCover {
    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let period = reader.object("period").flatMap { Period(stored: $0) }
        let isStartAssumed = reader.bool("is_start_assumed")
        reader.refuseUnknownMembers()
        guard let period, let isStartAssumed else { return nil }
        self.init(period: period, isStartAssumed: isStartAssumed)
    }
}

extension GrantTerms {
    package var json: JSON {
        [
            "kind": JSON(kind), "name": name.json, "count": .optional(count, JSON.integer), "until": JSON(until),
            "until_odometer_km": .optional(untilKm, JSON.integer), "value": .optional(value) { $0.json },
            "clause": JSON(clause),
        ]
    }

    private static let counts: ClosedRange<Int64> = 1...1000

    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let kind = reader.string("kind")
        let name = reader.localizedText("name")
        let count = reader.integer("count", in: GrantTerms.counts, required: false)
        let until = reader.date("until")
        let untilKm = reader.integer("until_odometer_km", in: storedKm, required: false)
        let value = reader.money("value", required: false)
        let clause = reader.string("clause")
        reader.refuseUnknownMembers()
        guard let kind, let name, let until, let clause else { return nil }
        self.init(kind: kind, name: name, count: count, until: until, untilKm: untilKm, value: value, clause: clause)
    }
}

// MARK: - Reading

extension ObjectReader {
    mutating func digest(_ name: String, required: Bool = true) -> Digest? {
        guard let text = string(name, required: required) else { return nil }
        guard let digest = Digest(hex: text) else {
            fault(name, "hash_format", zh: "须为 64 位小写十六进制", en: "Must be 64 lower-case hexadecimal digits")
            return nil
        }
        return digest
    }

    mutating func localizedText(_ name: String) -> LocalizedText? {
        guard var reader = object(name) else { return nil }
        let zh = reader.string("zh")
        let en = reader.string("en")
        reader.refuseUnknownMembers()
        guard let zh, let en else { return nil }
        return LocalizedText(zh: zh, en: en)
    }

    /// Every element that is an object, with a fault for each that is none.
    package mutating func objects(_ name: String, count: ClosedRange<Int>, required: Bool = true) -> [ObjectReader] {
        let elements = array(name, count: count, required: required) ?? []
        return elements.enumerated().compactMap { index, element in
            guard let members = element.members else {
                fault(name, "wrong_type", zh: "须为对象的数组", en: "Must be an array of objects")
                return nil
            }
            return ObjectReader(members: members, pointer: "\(pointer(to: name))/\(index)", faults: faults)
        }
    }
}
