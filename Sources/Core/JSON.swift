/// A JSON text as this product allows it: integers only, no duplicate members.
package indirect enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case string(String)
    case array([JSON])
    /// In the order in which the members stood, or are to be written.
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The largest integer that every JSON implementation keeps exactly (RFC 7493, section 2.2): 2^53 − 1.
    package static let maximumInteger: Int64 = 9_007_199_254_740_991

    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var integerValue: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    package var arrayValue: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSON {
    package init(_ text: String) { self = .string(text) }
    package init(_ number: Int) { self = .integer(Int64(number)) }
    package init(_ instant: Instant) { self = .string(instant.rfc3339) }
    package init(_ date: CalendarDate) { self = .string(date.description) }
    package init<Tag>(_ id: ID<Tag>) { self = .string(id.text) }

    /// `value`, or `null`.
    package static func optional<Value>(_ value: Value?, _ wrap: (Value) -> JSON) -> JSON {
        value.map(wrap) ?? .null
    }

    /// UTF-8, members in their own order.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// RFC 8785 canonical form: members sorted by UTF-16 code units, no white space, shortest escapes.
    ///
    /// Integers only, so that the number rules of ECMAScript never come into play.
    package var canonicalBytes: [UInt8] {
        var writer = JSONWriter()
        writer.writeCanonical(self)
        return writer.bytes
    }
}

/// Appends JSON to a byte buffer. Hot paths use it directly, to write what they have without building a tree.
package struct JSONWriter {
    package var bytes: [UInt8] = []

    package init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func write(_ json: JSON) {
        write(json, sorted: false)
    }

    package mutating func writeCanonical(_ json: JSON) {
        write(json, sorted: true)
    }

    /// Bytes that already are JSON, or punctuation.
    package mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func integer(_ number: Int64) {
        if (0..<10).contains(number) {
            bytes.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            bytes.append(contentsOf: String(number).utf8)
        }
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(utf8: $0) }
    }

    /// A quoted string; `utf8` must be valid UTF-8.
    package mutating func string(utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        let escapes = utf8.reduce(into: 0) { $0 &+= JSONWriter.needsEscape($1) ? 1 : 0 }
        if escapes == 0 {
            bytes.append(contentsOf: utf8)
        } else {
            appendEscaped(utf8, escapes)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Into room that surely suffices, so that nothing is checked for each byte: JSON within JSON is full of quotes.
    private mutating func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>, _ escapes: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: utf8.count + escapes * 5) { room in
            var end = 0
            for byte in utf8 {
                if JSONWriter.needsEscape(byte) {
                    end += JSONWriter.escape(byte, into: room, at: end)
                } else {
                    room[end] = byte
                    end += 1
                }
            }
            bytes.append(contentsOf: room[..<end])
        }
    }

    private mutating func write(_ json: JSON, sorted: Bool) {
        switch json {
        case .null: raw("null")
        case .bool(true): raw("true")
        case .bool(false): raw("false")
        case .integer(let number): integer(number)
        case .string(let text): string(text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element, sorted: sorted)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            let ordered = sorted ? members.sorted { canonicalOrder($0.name, $1.name) } : members
            for (index, member) in ordered.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                string(member.name)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, sorted: sorted)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// - Returns: how many bytes it took: two, or six.
    private static func escape(_ byte: UInt8, into room: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        room[start] = UInt8(ascii: "\\")
        let short: UInt8? =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
            case 0x08: UInt8(ascii: "b")
            case 0x09: UInt8(ascii: "t")
            case 0x0A: UInt8(ascii: "n")
            case 0x0C: UInt8(ascii: "f")
            case 0x0D: UInt8(ascii: "r")
            default: nil
            }
        if let short {
            room[start + 1] = short
            return 2
        }
        room[start + 1] = UInt8(ascii: "u")
        room[start + 2] = UInt8(ascii: "0")
        room[start + 3] = UInt8(ascii: "0")
        room[start + 4] = hexDigits[Int(byte >> 4)]
        room[start + 5] = hexDigits[Int(byte & 15)]
        return 6
    }
}

let hexDigits = Array("0123456789abcdef".utf8)

/// RFC 8785, section 3.2.3: by UTF-16 code units. UTF-8 orders the same except beyond U+FFFF.
private func canonicalOrder(_ left: String, _ right: String) -> Bool {
    left.utf16.lexicographicallyPrecedes(right.utf16)
}
