package import Core
package import Web

/// What the `data` of one kind of event may hold, and who may report it.
///
/// No field names a person, an address or a full plate: the history of a car is public to whoever has its VIN, and
/// the Personal Information Protection Law (个人信息保护法) art. 6 asks for the least that serves the purpose.
package struct EventSchema: Sendable {
    package let kind: VehicleEventKind
    package let title: LocalizedText
    /// Which kinds of organisation may report it. The platform alone may stand in for a source that cannot write.
    package let reporters: Set<Role>
    package let fields: [Field]

    package struct Field: Sendable {
        package let name: String
        package let type: FieldType
        package let isRequired: Bool
        package let label: LocalizedText
    }
}

/// The types that a field of `data` may have.
package indirect enum FieldType: Sendable, Hashable {
    /// 1 to this many characters.
    case text(maximumLength: Int)
    case choice([String])
    case integer(ClosedRange<Int64>)
    case bool
    /// `yes`, `no` or `not_known`.
    case triState
    case odometerKm
    case money
    case date
    /// The province character and the letter of the issuing office: `浙A`.
    case plateRegion
    /// 64 lower-case hexadecimal digits.
    case hash
    case list(FieldType, maximumCount: Int)
    /// Any object; checked by the verb that knows what it must be.
    case object
}

// MARK: - Limits

/// Limits of what an event may carry, each with its unit.
package enum EventLimits {
    package static let shortTextCharacters = 60
    package static let textCharacters = 500
    package static let listCount = 50
    /// How far a source's clock may run ahead of ours, in seconds.
    package static let clockSkewSeconds: Int64 = 300
    /// The source's own reference, in characters.
    package static let refCharacters = 128
    /// Canonical bytes of `data`.
    package static let dataBytes = 32 << 10
}

// MARK: - Checking

extension EventSchema {
    /// Reads `data` against the schema; every fault goes to the reader's collector, unknown members included.
    package func check(_ reader: inout ObjectReader) {
        for field in fields {
            guard let json = reader.json(field.name, required: field.isRequired) else { continue }
            field.type.check(json, at: reader.pointer(to: field.name), into: reader.faults)
        }
        reader.refuseUnknownMembers()
    }
}

extension FieldType {
    func check(_ json: JSON, at pointer: String, into faults: FaultCollector) {
        // One reader over one member gives every type the same messages as the rest of the API.
        var probe = ObjectReader(members: [JSON.Member("", json)], pointer: pointer, faults: FaultCollector())
        switch self {
        case .text(let maximum): _ = probe.string("", length: 1...maximum)
        case .choice(let choices): checkChoice(json, choices, at: pointer, into: faults)
        case .integer(let range): _ = probe.integer("", in: range)
        case .bool: _ = probe.bool("")
        case .triState: _ = probe.oneOf("", TriState.self)
        case .odometerKm: _ = probe.integer("", in: 0...OdometerKm.maximum)
        case .money: _ = probe.money("")
        case .date: _ = probe.date("")
        case .plateRegion: _ = probe.value("", as: PlateRegion.self)
        case .hash: _ = probe.value("", as: HashText.self)
        case .list(let element, let maximum): checkList(json, element, maximum, at: pointer, into: faults)
        case .object: _ = probe.object("")
        }
        for fault in probe.faults.faults {
            // The probe's member has an empty name, which adds one "/" behind the pointer.
            let tail = fault.pointer.dropFirst(pointer.count + 1)
            faults.add(Fault(pointer: pointer + tail, code: fault.code, detail: fault.detail))
        }
    }

    private func checkChoice(_ json: JSON, _ choices: [String], at pointer: String, into faults: FaultCollector) {
        guard let text = json.stringValue, choices.contains(text) else {
            let list = choices.joined(separator: ", ")
            faults.add(pointer, "not_allowed", zh: "只能是：\(list)", en: "Must be one of: \(list)")
            return
        }
    }

    private func checkList(
        _ json: JSON,
        _ element: FieldType,
        _ maximum: Int,
        at pointer: String,
        into faults: FaultCollector
    ) {
        guard let elements = json.arrayValue, (1...maximum).contains(elements.count) else {
            faults.add(
                pointer,
                "length",
                zh: "须为 1 至 \(maximum) 项的数组",
                en: "Must be an array of 1 to \(maximum) elements"
            )
            return
        }
        for (index, value) in elements.enumerated() {
            element.check(value, at: "\(pointer)/\(index)", into: faults)
        }
    }
}

/// 64 lower-case hexadecimal digits: an entry's hash, a document's digest.
package struct HashText: TextValue {
    package let text: String

    package init(parsing text: String) throws(TextFault) {
        guard text.utf8.count == 64, [UInt8](lowercaseHex: text) != nil else {
            throw TextFault("hash_format", zh: "须为 64 位小写十六进制", en: "Must be 64 lower-case hexadecimal digits")
        }
        self.text = text
    }
}

/// Where a plate was issued: province and office, without the serial that leads to a person.
package struct PlateRegion: TextValue {
    package let text: String

    /// The one-character names of the 31 provinces, regions and municipalities (GA 36-2018).
    static let provinces = Set("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")

    package init(parsing text: String) throws(TextFault) {
        let characters = Array(text)
        guard characters.count == 2, PlateRegion.provinces.contains(characters[0]), characters[1].isASCII,
            characters[1].isUppercase, characters[1] != "I", characters[1] != "O"
        else {
            throw TextFault(
                "plate_region_format",
                zh: "须为省份简称加发牌机关代号，例如 浙A；不要填写完整号牌",
                en: "Must be the province and the issuing office's letter, such as 浙A; never the full plate"
            )
        }
        self.text = text
    }
}
