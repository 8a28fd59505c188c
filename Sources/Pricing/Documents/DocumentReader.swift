import Core
import Yams

/// Reads a YAML document and gathers every fault with its line, so that whoever wrote it mends all of them at once.
final class DocumentFaults {
    private(set) var faults: [Fault] = []
    static let maximumCount = 100

    func add(_ node: Node?, _ path: String, _ code: String, zh: String, en: String) {
        guard faults.count < DocumentFaults.maximumCount else { return }
        let line = node?.mark?.line
        let place = line.map { (zh: "第 \($0) 行：", en: "line \($0): ") } ?? (zh: "", en: "")
        faults.append(Fault(path, code, zh: place.zh + zh, en: place.en + en))
    }

    func throwIfAny(_ type: ProblemType) throws {
        guard !faults.isEmpty else { return }
        throw Failure(type, faults: faults)
    }
}

/// One place of a document.
struct DocumentPlace {
    let node: Node
    let path: String
    let faults: DocumentFaults

    /// - Throws: `Failure` of `type` where it is no YAML at all.
    static func root(_ bytes: [UInt8], _ type: ProblemType, _ faults: DocumentFaults) throws -> DocumentPlace {
        do {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let node = try Yams.compose(yaml: text, .basic), node.mapping != nil else {
                throw Failure(type, zh: "文档为空，或不是键值结构", en: "The document is empty, or no mapping")
            }
            return DocumentPlace(node: node, path: "", faults: faults)
        } catch let error as YamlError {
            throw Failure(type, zh: "不是合法的 YAML：\(error)", en: "This is not YAML: \(error)")
        }
    }

    var keys: [String] { node.mapping?.keys.compactMap(\.string) ?? [] }

    func fail(_ code: String, zh: String, en: String) {
        faults.add(node, path, code, zh: zh, en: en)
    }

    subscript(key: String) -> DocumentPlace? {
        guard let child = node.mapping?[Node(key)] else { return nil }
        return DocumentPlace(node: child, path: "\(path)/\(key)", faults: faults)
    }

    /// The member, or a fault that it is missing.
    func required(_ key: String) -> DocumentPlace? {
        if let place = self[key] { return place }
        faults.add(node, "\(path)/\(key)", "missing", zh: "缺少 \(key)", en: "\(key) is missing")
        return nil
    }

    func allow(_ known: Set<String>) {
        for key in keys where !known.contains(key) {
            self[key]?.fail("unknown_member", zh: "未知的字段 \(key)", en: "\(key) is no known member")
        }
    }

    var items: [DocumentPlace] {
        guard let sequence = node.sequence else {
            fail("not_a_list", zh: "应为列表", en: "This has to be a list")
            return []
        }
        return sequence.enumerated().map { DocumentPlace(node: $1, path: "\(path)/\($0)", faults: faults) }
    }

    var members: [(key: String, place: DocumentPlace)] {
        guard let mapping = node.mapping else {
            fail("not_a_mapping", zh: "应为键值结构", en: "This has to be a mapping")
            return []
        }
        return mapping.compactMap { key, value in
            key.string.map { ($0, DocumentPlace(node: value, path: "\(path)/\($0)", faults: faults)) }
        }
    }

    var text: String? {
        if let text = node.scalar?.string { return text }
        fail("not_a_text", zh: "应为文本", en: "This has to be a text")
        return nil
    }

    var integer: Int64? {
        if let text = node.scalar?.string, let number = Int64(text) { return number }
        fail("not_an_integer", zh: "应为整数", en: "This has to be a whole number")
        return nil
    }

    var integers: [Int64] { items.compactMap(\.integer) }
    var texts: [String] { items.compactMap(\.text) }

    var date: CalendarDate? {
        if let text = node.scalar?.string, let date = CalendarDate(text) { return date }
        fail("not_a_date", zh: "应为 YYYY-MM-DD 格式的日期", en: "This has to be a date, YYYY-MM-DD")
        return nil
    }

    func oneOf<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> Value? where Value.RawValue == String {
        if let text = node.scalar?.string, let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        fail("unknown_value", zh: "只能是 \(known) 之一", en: "This has to be one of \(known)")
        return nil
    }

    /// A decimal number in thousandths or millionths, read without floating point.
    func fixedPoint(digits: Int) -> Int64? {
        if let text = node.scalar?.string, let number = FixedPoint.read(text, digits: digits) { return number }
        fail("not_a_number", zh: "应为数字", en: "This has to be a number")
        return nil
    }
}

/// Decimal texts as integers of a smaller unit.
enum FixedPoint {
    /// `12.3456` with three digits is 12346: rounded to the nearest, halves away from zero. `nil` for no number.
    static func read(_ text: some StringProtocol, digits: Int) -> Int64? {
        var value: Int64 = 0
        var left: Int?
        var isNegative = false
        var hasDigits = false
        var rounding: UInt8?
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: "+") where index == 0: break
            case UInt8(ascii: ".") where left == nil: left = digits
            case UInt8(ascii: ","), UInt8(ascii: " "): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                hasDigits = true
                if left == 0 {
                    if rounding == nil { rounding = byte }
                    continue
                }
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow, product < Int64.max - 10 else { return nil }
                value = product + Int64(byte - UInt8(ascii: "0"))
                left = left.map { $0 - 1 }
            default: return nil
            }
        }
        guard hasDigits else { return nil }
        for _ in 0..<(left ?? digits) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
        }
        if let rounding, rounding >= UInt8(ascii: "5") { value += 1 }
        return isNegative ? -value : value
    }
}
