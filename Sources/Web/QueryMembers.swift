import Core

/// Reads a query strictly: known members, each at most once.
/// - Throws: `invalidQuery` naming every member that is wrong.
func queryMembers(_ text: Substring?, known: Set<String>) throws -> [String: String] {
    guard let text, !text.isEmpty else { return [:] }
    let faults = FaultCollector()
    let members = encodedMembers(text, known: known, at: "/query/", .ofQuery, faults)
    try faults.throwIfAny(.invalidQuery)
    return members
}

/// `name=value&…`, as a query and a form are written.
///
/// - Parameters:
///   - place: stands before each name in the pointer of a fault.
///   - noun: what the members are called there.
func encodedMembers(
    _ text: Substring,
    known: Set<String>,
    at place: String,
    _ noun: LocalizedText,
    _ faults: FaultCollector
) -> [String: String] {
    var members: [String: String] = [:]
    for part in text.split(separator: "&") {
        let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard
            let name = percentDecoded(pieces[0], plusIsSpace: true),
            let value = percentDecoded(pieces.count > 1 ? pieces[1] : "", plusIsSpace: true)
        else {
            let pointer = place + escapedPointerToken(String(pieces[0]))
            faults.add(pointer, "encoding", zh: "百分号编码有误", en: "The percent-encoding is wrong")
            continue
        }
        if !known.contains(name) {
            let pointer = place + escapedPointerToken(name)
            faults.add(pointer, "unknown_member", zh: "未知的\(noun.zh)", en: "The \(noun.en) is not known")
        } else if members.updateValue(value, forKey: name) != nil {
            let pointer = place + escapedPointerToken(name)
            faults.add(
                pointer,
                "duplicate_member",
                zh: "\(noun.zh)重复出现",
                en: "The \(noun.en) occurs more than once"
            )
        }
    }
    return members
}

extension LocalizedText {
    fileprivate static let ofQuery = LocalizedText(zh: "查询参数", en: "query member")
    static let ofForm = LocalizedText(zh: "表单项", en: "field")
}
