import Core

/// Reads a query strictly: known members, each at most once.
/// - Throws: `invalidQuery` naming every member that is wrong.
func queryMembers(_ text: Substring?, known: Set<String>) throws -> [String: String] {
    guard let text, !text.isEmpty else { return [:] }
    var members: [String: String] = [:]
    let faults = FaultCollector()
    for part in text.split(separator: "&") {
        let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard
            let name = percentDecoded(pieces[0], plusIsSpace: true),
            let value = percentDecoded(pieces.count > 1 ? pieces[1] : "", plusIsSpace: true)
        else {
            faults.addQuery(String(pieces[0]), "encoding", zh: "百分号编码有误", en: "The percent-encoding is wrong")
            continue
        }
        if !known.contains(name) {
            faults.addQuery(name, "unknown_member", zh: "未知的查询参数", en: "The query member is not known")
        } else if members.updateValue(value, forKey: name) != nil {
            faults.addQuery(name, "duplicate_member", zh: "查询参数重复出现", en: "The query member occurs more than once")
        }
    }
    try faults.throwIfAny(.invalidQuery)
    return members
}

extension FaultCollector {
    fileprivate func addQuery(_ name: String, _ code: String, zh: String, en: String) {
        add("/query/" + escapedPointerToken(name), code, zh: zh, en: en)
    }
}
