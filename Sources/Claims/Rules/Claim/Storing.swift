package import Core

/// What is kept as JSON and read again exactly.
package protocol Stored: Sendable {
    var json: JSON { get }
    /// What `json` wrote. Faults are noted in the reader.
    init?(stored reader: inout ObjectReader)
}

extension Stored {
    /// - Throws: `Failure.invalidRequest` for anything that `json` does not write.
    package init(json: JSON) throws {
        var reader = try ObjectReader(json)
        let value = Self(stored: &reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let value else { throw Failure(.invalidRequest) }
        self = value
    }
}

/// More than any claim has.
let storedListLength = 0...1000
let storedTextLength = 1...4000

extension ObjectReader {
    mutating func stored<Value: Stored>(_ name: String, _ type: Value.Type, required: Bool = true) -> Value? {
        guard var reader = object(name, required: required) else { return nil }
        let value = Value(stored: &reader)
        reader.refuseUnknownMembers()
        return value
    }

    mutating func storedList<Value: Stored>(_ name: String, _ type: Value.Type) -> [Value]? {
        guard let elements = array(name, count: storedListLength) else { return nil }
        let values = elements.enumerated().compactMap { index, element -> Value? in
            var reader = ObjectReader(
                members: element.members ?? [],
                pointer: "\(pointer(to: name))/\(index)",
                faults: faults
            )
            let value = Value(stored: &reader)
            reader.refuseUnknownMembers()
            return value
        }
        return values.count == elements.count ? values : nil
    }

    mutating func texts(_ name: String) -> [String]? {
        guard let elements = array(name, count: storedListLength) else { return nil }
        let texts = elements.compactMap(\.stringValue)
        return texts.count == elements.count ? texts : nil
    }

    mutating func text(_ name: String, required: Bool = true) -> String? {
        string(name, required: required, length: storedTextLength)
    }
}

extension Array where Element: Stored {
    var json: JSON { .array(map(\.json)) }
}

extension Evidence: Stored {
    package var json: JSON { ["kind": JSON(kind.rawValue), "reference": JSON(reference)] }

    package init?(stored reader: inout ObjectReader) {
        guard let kind = reader.oneOf("kind", Kind.self), let reference = reader.text("reference") else { return nil }
        self.init(kind, reference)
    }
}

extension Caller: Stored {
    package var json: JSON { ["role": JSON(role.rawValue), "id": JSON(id)] }

    package init?(stored reader: inout ObjectReader) {
        guard let role = reader.oneOf("role", CallerRole.self), let id = reader.text("id") else { return nil }
        self.init(role, id)
    }
}

extension Filing: Stored {
    package var json: JSON {
        [
            "claim": JSON(claim),
            "vin": JSON(vin.text),
            "contract": .optional(contract) { JSON($0) },
            "buyer": JSON(buyer),
            "dealer": JSON(dealer),
            "adviser": .optional(adviser) { JSON($0) },
            "inspector": .optional(inspector) { JSON($0) },
            "kind": JSON(kind.rawValue),
            "is_urgent": .bool(isUrgent),
            "component": .optional(component) { JSON($0) },
            "odometer_km": .integer(odometerKm),
            "noticed_on": JSON(noticedOn),
            "symptom": JSON(symptom),
            "evidence": evidence.json,
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let claim = reader.text("claim").flatMap { ClaimID($0) }
        let vin = reader.value("vin", as: VIN.self)
        let contract = reader.text("contract", required: false)
        let buyer = reader.text("buyer")
        let dealer = reader.text("dealer")
        let adviser = reader.text("adviser", required: false)
        let inspector = reader.text("inspector", required: false)
        let kind = reader.oneOf("kind", Kind.self)
        let isUrgent = reader.bool("is_urgent")
        let component = reader.text("component", required: false)
        let odometer = reader.odometer("odometer_km")
        let noticedOn = reader.date("noticed_on")
        let symptom = reader.text("symptom")
        let evidence = reader.storedList("evidence", Evidence.self)
        guard let claim, let vin, let buyer, let dealer, let kind, let isUrgent, let odometer, let noticedOn,
            let symptom, let evidence
        else { return nil }
        self.init(
            claim: claim,
            vin: vin,
            contract: contract,
            buyer: buyer,
            dealer: dealer,
            adviser: adviser,
            inspector: inspector,
            kind: kind,
            isUrgent: isUrgent,
            component: component,
            odometerKm: odometer.kilometres,
            noticedOn: noticedOn,
            symptom: symptom,
            evidence: evidence
        )
    }
}
