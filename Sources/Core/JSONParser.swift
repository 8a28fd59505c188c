/// Reads JSON strictly (RFC 8259), and more strictly than that (RFC 7493): no duplicate members, no fractions, no
/// exponents, no integers beyond ±(2^53 − 1), no lone surrogates, no U+0000, no byte order mark, bounded nesting.
///
/// What is well formed but not allowed is gathered as faults with JSON pointers, so that the caller hears of all of
/// them at once; what is not JSON at all ends the reading.
package struct JSONParser {
    /// Nesting allowed in a request body.
    package static let requestDepth = 32
    /// Nesting allowed in a ledger payload.
    package static let ledgerDepth = 8

    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private let allowsNull: Bool
    private var position = 0
    private var path: [PathStep] = []
    private let faults = FaultCollector()

    private enum PathStep {
        case member(String)
        case element(Int)
    }

    /// - Parameter allowsNull: whether a text may have the character U+0000.
    /// - Throws: `Failure.malformedJSON` with the byte offset where reading ended, or with every forbidden construct.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        maximumDepth: Int = requestDepth,
        allowsNull: Bool = false
    ) throws -> JSON {
        let json = try bytes.withContiguousStorageIfAvailable { buffer in
            try parse(buffer: buffer, maximumDepth: maximumDepth, allowsNull: allowsNull)
        }
        return try json
            ?? Array(bytes).withUnsafeBufferPointer { buffer in
                try parse(buffer: buffer, maximumDepth: maximumDepth, allowsNull: allowsNull)
            }
    }

    private static func parse(
        buffer: UnsafeBufferPointer<UInt8>,
        maximumDepth: Int,
        allowsNull: Bool
    ) throws -> JSON {
        var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth, allowsNull: allowsNull)
        let json = try parser.document()
        try parser.faults.throwIfAny(.malformedJSON)
        return json
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, allowsNull: Bool) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.allowsNull = allowsNull
    }

    private mutating func document() throws -> JSON {
        skipSpace()
        let json = try value(depth: 1)
        skipSpace()
        guard position == bytes.count else { throw syntaxError() }
        return json
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard position < bytes.count else { throw syntaxError() }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw syntaxError()
        }
    }

    private mutating func object(depth: Int) throws -> JSON {
        try checkDepth(depth)
        position += 1
        var members: [JSON.Member] = []
        var names: Set<[UInt8]> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw syntaxError() }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw syntaxError() }
            skipSpace()
            path.append(.member(name))
            let member = JSON.Member(name, try value(depth: depth + 1))
            if isDuplicate(name, among: members, &names) {
                addFault("duplicate_member", zh: "成员重复出现", en: "The member occurs more than once")
            } else {
                members.append(member)
            }
            path.removeLast()
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw syntaxError() }
        return .object(members)
    }

    /// A handful of names is compared one by one; many go into a set, so that a hostile body costs no more than its
    /// length.
    ///
    /// Names are the same when their bytes are: `String` would also equate names that Unicode normalises alike, which
    /// JSON keeps apart.
    private func isDuplicate(_ name: String, among members: [JSON.Member], _ names: inout Set<[UInt8]>) -> Bool {
        let fewMembers = 16
        if members.count < fewMembers { return members.contains { $0.name.utf8.elementsEqual(name.utf8) } }
        if names.isEmpty { names = Set(members.map { Array($0.name.utf8) }) }
        return !names.insert(Array(name.utf8)).inserted
    }

    private mutating func array(depth: Int) throws -> JSON {
        try checkDepth(depth)
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipSpace()
            path.append(.element(elements.count))
            elements.append(try value(depth: depth + 1))
            path.removeLast()
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw syntaxError() }
        return .array(elements)
    }

    private func checkDepth(_ depth: Int) throws {
        guard depth > maximumDepth else { return }
        throw Failure(
            .malformedJSON,
            faults: faults.faults + [
                Fault(
                    pointer,
                    "too_deep",
                    zh: "嵌套超过 \(maximumDepth) 层",
                    en: "Nested more than \(maximumDepth) levels deep"
                )
            ]
        )
    }

    private mutating func number() throws -> JSON {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        let firstDigit = position
        var magnitude: Int64 = 0
        var isTooLarge = false
        while let digit = digit() {
            if magnitude > JSON.maximumInteger / 10 { isTooLarge = true } else { magnitude = magnitude * 10 + digit }
            position += 1
        }
        let digitCount = position - firstDigit
        let hasLeadingZero = digitCount > 1 && bytes[firstDigit] == UInt8(ascii: "0")
        guard digitCount > 0, !hasLeadingZero else { throw syntaxError() }
        if try skipFractionAndExponent() {
            let text = String(decoding: bytes[start..<position].prefix(40), as: UTF8.self)
            addFault(
                "not_an_integer",
                zh: "必须是不带小数和指数的整数，不能是 \(text)",
                en: "Must be an integer without fraction or exponent, not \(text)"
            )
        } else if isTooLarge || magnitude > JSON.maximumInteger {
            addFault(
                "integer_out_of_range",
                zh: "整数超出 ±9007199254740991 的范围",
                en: "The integer is beyond ±9007199254740991"
            )
        }
        return .integer(isNegative ? -magnitude : magnitude)
    }

    /// `true` where the number has a fraction or an exponent.
    private mutating func skipFractionAndExponent() throws -> Bool {
        var found = false
        if take(UInt8(ascii: ".")) {
            found = true
            try skipDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            found = true
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try skipDigits()
        }
        return found
    }

    private mutating func skipDigits() throws {
        guard digit() != nil else { throw syntaxError() }
        while digit() != nil { position += 1 }
    }

    private func digit() -> Int64? {
        guard let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        return Int64(byte - UInt8(ascii: "0"))
    }

    private mutating func literal(_ text: StaticString, _ json: JSON) throws -> JSON {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes.count - position >= expected.count,
            bytes[position..<position + expected.count].elementsEqual(expected)
        else { throw syntaxError() }
        position += expected.count
        return json
    }

    // MARK: Strings

    private mutating func string() throws -> String {
        position += 1
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard let end = peek() else { throw syntaxError() }
        if end == UInt8(ascii: "\"") {
            let text = try decode(bytes[start..<position])
            position += 1
            return text
        }
        return try stringWithEscapes(from: start)
    }

    private mutating func stringWithEscapes(from start: Int) throws -> String {
        var content = Array(bytes[start..<position])
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try content.withUnsafeBufferPointer { try decode($0[...]) }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try appendEscape(to: &content)
            case 0..<0x20:
                throw syntaxError()
            default:
                content.append(byte)
                position += 1
            }
        }
        throw syntaxError()
    }

    private mutating func appendEscape(to content: inout [UInt8]) throws {
        guard let byte = peek() else { throw syntaxError() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): try appendUnicodeEscape(to: &content)
        default:
            position -= 1
            throw syntaxError()
        }
    }

    private mutating func appendUnicodeEscape(to content: inout [UInt8]) throws {
        var unit = try hexUnit()
        if (0xD800..<0xDC00).contains(unit), let low = lowSurrogateAhead() {
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            position += 6
        }
        guard let scalar = Unicode.Scalar(unit) else {
            addFault("lone_surrogate", zh: "字符串中有不成对的代理码元", en: "The string has a lone surrogate")
            return
        }
        // Some stores end a text there, and PostgreSQL takes none that has one.
        guard allowsNull || scalar != "\0" else {
            addFault("null_character", zh: "字符串中不能有空字符 U+0000", en: "The string must not have the character U+0000")
            return
        }
        content.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }

    /// The `\uDC00` to `\uDFFF` that would complete a pair. Anything else is left to be read as what it is.
    private func lowSurrogateAhead() -> UInt32? {
        guard bytes.count - position >= 6, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt32 = 0
        for index in position + 2..<position + 6 {
            guard let value = hexValue(bytes[index]) else { return nil }
            unit = unit << 4 | UInt32(value)
        }
        return (0xDC00..<0xE000).contains(unit) ? unit : nil
    }

    private mutating func hexUnit() throws -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let value = hexValue(byte) else { throw syntaxError() }
            unit = unit << 4 | UInt32(value)
            position += 1
        }
        return unit
    }

    private func decode(_ slice: Slice<UnsafeBufferPointer<UInt8>>) throws -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw syntaxError() }
        return text
    }

    // MARK: Small steps

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    // MARK: Faults

    private var pointer: String {
        path.map { step in
            switch step {
            case .member(let name): "/" + escapedPointerToken(name)
            case .element(let index): "/\(index)"
            }
        }.joined()
    }

    private func addFault(_ code: String, zh: String, en: String) {
        // The pointer costs as much as the path is long, and there may be a fault every few bytes.
        guard !faults.isFull else { return }
        faults.add(pointer, code, zh: zh, en: en)
    }

    private func syntaxError() -> Failure {
        Failure(
            .malformedJSON,
            zh: "请求体在第 \(position) 字节处不是合法的 JSON（UTF-8）",
            en: "The body is not valid JSON (UTF-8) at byte \(position)",
            faults: faults.faults + [
                Fault(
                    pointer,
                    "json_syntax",
                    zh: "第 \(position) 字节处有语法错误",
                    en: "Syntax error at byte \(position)"
                )
            ]
        )
    }
}

/// RFC 6901: `~` and `/` in a member name.
package func escapedPointerToken(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
    // By scalar: a combining mark after the stroke makes one character of both, and the stroke still separates.
    return name.unicodeScalars.reduce(into: "") { token, scalar in
        switch scalar {
        case "~": token += "~0"
        case "/": token += "~1"
        default: token.unicodeScalars.append(scalar)
        }
    }
}
