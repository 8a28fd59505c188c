/// A value with one textual form, checked on the way in: a VIN, a plate, a credit code.
package protocol TextValue: Sendable {
    /// - Throws: `TextFault` saying what is wrong.
    init(parsing text: String) throws(TextFault)
    var text: String { get }
}

/// What is wrong with a text, before it is known where the text stood.
package struct TextFault: Error, Sendable, Hashable {
    package let code: String
    package let detail: LocalizedText

    package init(_ code: String, zh: String, en: String) {
        self.code = code
        self.detail = LocalizedText(zh: zh, en: en)
    }
}

/// Reads the members of one JSON object, notes every fault, and knows at the end which members nobody asked for.
///
/// A member that is missing or wrong reads as `nil`: the verb is only called when `FaultCollector.throwIfAny` passed.
package struct ObjectReader {
    package let pointer: String
    package let faults: FaultCollector
    private let members: [JSON.Member]
    /// A few: a set would cost more than it saves.
    private var known: [String] = []

    /// - Throws: `Failure.invalidRequest` where `json` is no object.
    package init(_ json: JSON) throws {
        guard case .object(let members) = json else {
            throw Failure(
                .invalidRequest,
                faults: [Fault("", "not_an_object", zh: "必须是 JSON 对象", en: "Must be a JSON object")]
            )
        }
        self.init(members: members, pointer: "", faults: FaultCollector())
    }

    package init(members: [JSON.Member], pointer: String, faults: FaultCollector) {
        self.members = members
        self.pointer = pointer
        self.faults = faults
    }

    // MARK: Members

    /// The member as it stands. `null` counts as absent where the member is optional.
    package mutating func json(_ name: String, required: Bool = true) -> JSON? {
        known.append(name)
        guard let member = members.first(where: { $0.name == name }) else {
            if required { fault(name, "required", zh: "缺少必填成员", en: "The member is required") }
            return nil
        }
        if !required, member.value == .null { return nil }
        return member.value
    }

    /// - Parameter length: of the text, in Unicode scalars.
    package mutating func string(
        _ name: String,
        required: Bool = true,
        length: ClosedRange<Int> = 1...200
    ) -> String? {
        guard let text = rawString(name, required: required) else { return nil }
        guard length.contains(text.unicodeScalars.count) else {
            fault(
                name,
                "length",
                zh: "长度须为 \(length.lowerBound) 至 \(length.upperBound) 个字符",
                en: "Must have \(length.lowerBound) to \(length.upperBound) characters"
            )
            return nil
        }
        guard !text.unicodeScalars.contains(where: isControl) else {
            fault(name, "control_character", zh: "不能含控制字符", en: "Must not contain control characters")
            return nil
        }
        return text
    }

    package mutating func value<Value: TextValue>(
        _ name: String,
        as type: Value.Type = Value.self,
        required: Bool = true
    ) -> Value? {
        parsed(name, required: required, Value.init(parsing:))
    }

    /// For a text that needs more than itself to be checked, such as today's date.
    package mutating func parsed<Value>(
        _ name: String,
        required: Bool = true,
        _ parse: (String) throws(TextFault) -> Value
    ) -> Value? {
        guard let text = rawString(name, required: required) else { return nil }
        do throws(TextFault) {
            return try parse(text)
        } catch {
            fault(name, error.code, zh: error.detail.zh, en: error.detail.en)
            return nil
        }
    }

    package mutating func oneOf<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ type: Choice.Type = Choice.self,
        required: Bool = true
    ) -> Choice? {
        guard let text = rawString(name, required: required) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fault(name, "not_allowed", zh: "只能是：\(choices)", en: "Must be one of: \(choices)")
            return nil
        }
        return choice
    }

    package mutating func integer(
        _ name: String,
        in range: ClosedRange<Int64>,
        required: Bool = true
    ) -> Int64? {
        guard let json = json(name, required: required) else { return nil }
        guard case .integer(let number) = json else {
            wrongType(name, zh: "整数", en: "an integer")
            return nil
        }
        guard range.contains(number) else {
            fault(
                name,
                "out_of_range",
                zh: "须在 \(range.lowerBound) 与 \(range.upperBound) 之间",
                en: "Must be between \(range.lowerBound) and \(range.upperBound)"
            )
            return nil
        }
        return number
    }

    package mutating func bool(_ name: String, required: Bool = true) -> Bool? {
        guard let json = json(name, required: required) else { return nil }
        guard case .bool(let value) = json else {
            wrongType(name, zh: "true 或 false", en: "true or false")
            return nil
        }
        return value
    }

    /// RFC 3339 with an offset.
    package mutating func instant(_ name: String, required: Bool = true) -> Instant? {
        guard let text = rawString(name, required: required) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            fault(
                name,
                "time_format",
                zh: "须为带时区的 RFC 3339 时间，例如 2026-03-01T08:00:00.000Z",
                en: "Must be an RFC 3339 time with an offset, such as 2026-03-01T08:00:00.000Z"
            )
            return nil
        }
        return instant
    }

    /// `YYYY-MM-DD`.
    package mutating func date(_ name: String, required: Bool = true) -> CalendarDate? {
        guard let text = rawString(name, required: required) else { return nil }
        guard let date = CalendarDate(text) else {
            fault(name, "date_format", zh: "须为存在的日期，格式 YYYY-MM-DD", en: "Must be a date that exists, as YYYY-MM-DD")
            return nil
        }
        return date
    }

    package mutating func object(_ name: String, required: Bool = true) -> ObjectReader? {
        guard let json = json(name, required: required) else { return nil }
        guard case .object(let members) = json else {
            wrongType(name, zh: "对象", en: "an object")
            return nil
        }
        return ObjectReader(members: members, pointer: pointer(to: name), faults: faults)
    }

    package mutating func array(_ name: String, count: ClosedRange<Int>, required: Bool = true) -> [JSON]? {
        guard let json = json(name, required: required) else { return nil }
        guard case .array(let elements) = json else {
            wrongType(name, zh: "数组", en: "an array")
            return nil
        }
        guard count.contains(elements.count) else {
            fault(
                name,
                "length",
                zh: "须有 \(count.lowerBound) 至 \(count.upperBound) 项",
                en: "Must have \(count.lowerBound) to \(count.upperBound) elements"
            )
            return nil
        }
        return elements
    }

    /// Notes every member that nothing above asked for. Call it last.
    package func refuseUnknownMembers() {
        for member in members where !known.contains(member.name) {
            fault(member.name, "unknown_member", zh: "未知成员", en: "The member is not known")
        }
    }

    // MARK: Faults

    package func pointer(to name: String) -> String {
        pointer + "/" + escapedPointerToken(name)
    }

    package func fault(_ name: String, _ code: String, zh: String, en: String) {
        faults.add(pointer(to: name), code, zh: zh, en: en)
    }

    private mutating func rawString(_ name: String, required: Bool) -> String? {
        guard let json = json(name, required: required) else { return nil }
        guard case .string(let text) = json else {
            wrongType(name, zh: "字符串", en: "a string")
            return nil
        }
        return text
    }

    private func wrongType(_ name: String, zh: String, en: String) {
        fault(name, "wrong_type", zh: "须为\(zh)", en: "Must be \(en)")
    }

    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // Those in ASCII without a look at the tables of Unicode.
        guard scalar.isASCII else { return scalar.properties.generalCategory == .control }
        return (scalar.value < 0x20 || scalar.value == 0x7F) && scalar != "\n" && scalar != "\t"
    }
}
