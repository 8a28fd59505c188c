import Core
import Yams

/// A mapping of an edition, read member by member. What is missing or wrong is noted with its line and reads as
/// something harmless: an edition with a fault is never used.
final class BookObject {
    let path: String
    let line: Int
    let faults: BookFaults
    private let pairs: [(name: String, line: Int, node: Node)]
    private var known: Set<String> = []

    init(_ node: Node, path: String, faults: BookFaults) {
        self.path = path
        self.faults = faults
        line = BookObject.line(of: node)
        guard case .mapping(let mapping) = node else {
            pairs = []
            faults.add(line, path, "not_a_mapping", zh: "须为键值对", en: "must be a mapping")
            return
        }
        pairs = mapping.map { ($0.key.scalar?.string ?? "", BookObject.line(of: $0.key), $0.value) }
    }

    static func line(of node: Node) -> Int { node.mark?.line ?? 0 }

    func fault(_ name: String, _ code: String, zh: String, en: String) {
        faults.add(line(of: name), pointer(name), code, zh: zh, en: en)
    }

    /// Of the member, or of the whole where it is absent.
    func line(of name: String) -> Int { pairs.first { $0.name == name }?.line ?? line }

    func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    private func pointer(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func node(_ name: String, required: Bool) -> Node? {
        known.insert(name)
        let node = pairs.first { $0.name == name }?.node
        if node == nil, required { fault(name, "required", zh: "缺少 \(name)", en: "`\(name)` is missing") }
        return node
    }

    /// Call last: what nobody asked for is a misspelling.
    func refuseUnknownMembers() {
        for pair in pairs where !known.contains(pair.name) {
            let (zh, en) = ("不认识 \(pair.name)", "`\(pair.name)` is not known here")
            faults.add(pair.line, pointer(pair.name), "unknown_member", zh: zh, en: en)
        }
    }

    // MARK: Scalars

    func optionalText(_ name: String) -> String? {
        guard let node = node(name, required: false) else { return nil }
        return text(node, name)
    }

    func text(_ name: String) -> String {
        guard let node = node(name, required: true) else { return "" }
        return text(node, name)
    }

    private func text(_ node: Node, _ name: String) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else {
            fault(name, "not_a_text", zh: "须为文字", en: "must be a text")
            return ""
        }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64 {
        optionalInteger(name, in: range, required: true) ?? range.lowerBound
    }

    func optionalInteger(_ name: String, in range: ClosedRange<Int64>, required: Bool = false) -> Int64? {
        guard let node = node(name, required: required) else { return nil }
        guard let number = node.scalar.flatMap({ Int64($0.string) }), range.contains(number) else {
            let (low, high) = (range.lowerBound, range.upperBound)
            fault(name, "not_in_range", zh: "须为 \(low) 至 \(high) 的整数", en: "must be an integer from \(low) to \(high)")
            return nil
        }
        return number
    }

    func bool(_ name: String, required: Bool = true) -> Bool {
        guard let node = node(name, required: required) else { return false }
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            fault(name, "not_a_bool", zh: "须为 true 或 false", en: "must be true or false")
            return false
        }
    }

    func date(_ name: String) -> CalendarDate {
        let text = text(name)
        if let date = CalendarDate(text) { return date }
        if !text.isEmpty { fault(name, "not_a_date", zh: "须为 YYYY-MM-DD 日期", en: "must be a date, YYYY-MM-DD") }
        return CalendarDate(daysSinceEpoch: 0)
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ fallback: Choice) -> Choice {
        optionalChoice(name, required: true) ?? fallback
    }

    func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        required: Bool = false
    ) -> Choice? {
        guard let node = node(name, required: required) else { return nil }
        let text = text(node, name)
        if let choice = Choice(rawValue: text) { return choice }
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        fault(name, "not_allowed", zh: "只能是：\(all)", en: "must be one of: \(all)")
        return nil
    }

    /// The name of something that stands elsewhere in the edition.
    func reference(_ name: String, to names: Set<String>, _ what: String) -> String {
        let text = text(name)
        if !text.isEmpty, !names.contains(text) {
            fault(name, "unknown_\(what)", zh: "没有这个 \(what)：\(text)", en: "there is no \(what) `\(text)`")
        }
        return text
    }

    func localizedText() -> LocalizedText { LocalizedText(zh: text("zh"), en: text("en")) }

    // MARK: Lists and mappings

    func texts(_ name: String, required: Bool = true) -> [String] {
        guard let node = node(name, required: required) else { return [] }
        guard let elements = node.sequence else {
            fault(name, "not_a_list", zh: "须为列表", en: "must be a list")
            return []
        }
        return elements.map { text($0, name) }
    }

    func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(_ name: String) -> Set<Choice> {
        let texts = texts(name)
        for text in texts where Choice(rawValue: text) == nil {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fault(name, "not_allowed", zh: "\(text) 不在其中：\(all)", en: "`\(text)` is none of: \(all)")
        }
        return Set(texts.compactMap(Choice.init(rawValue:)))
    }

    func references(_ name: String, to names: Set<String>, _ what: String, required: Bool = true) -> [String] {
        let texts = texts(name, required: required)
        for text in texts where !names.contains(text) {
            fault(name, "unknown_\(what)", zh: "没有这个 \(what)：\(text)", en: "there is no \(what) `\(text)`")
        }
        return texts
    }

    func objects(_ name: String, required: Bool = true) -> [BookObject] {
        guard let node = node(name, required: required) else { return [] }
        guard let elements = node.sequence else {
            fault(name, "not_a_list", zh: "须为列表", en: "must be a list")
            return []
        }
        return elements.enumerated().map { index, element in
            BookObject(element, path: "\(pointer(name))[\(index)]", faults: faults)
        }
    }

    func object(_ name: String) -> BookObject? {
        node(name, required: true).map { BookObject($0, path: pointer(name), faults: faults) }
    }

    func optionalObject(_ name: String) -> BookObject? {
        node(name, required: false).map { BookObject($0, path: pointer(name), faults: faults) }
    }

    /// Every name of this mapping; all of them count as known.
    func allNames() -> [String] {
        known.formUnion(pairs.map(\.name))
        return pairs.map(\.name)
    }
}
