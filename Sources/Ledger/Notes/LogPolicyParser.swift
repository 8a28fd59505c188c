import Core
import Cryptography

extension LogPolicy {
    package static let maximumByteCount = 64 << 10

    /// Lines `log KEY [URL]`, `witness NAME KEY [URL]`, `group NAME k|any|all MEMBER…` and one `quorum NAME|none`. What
    /// stands behind `#` is a remark.
    package init(parsing text: String) throws(PolicyError) {
        guard text.utf8.count <= LogPolicy.maximumByteCount else {
            throw PolicyError(0, zh: "策略文件过大，最多 64 KiB", en: "The policy is too large: at most 64 KiB")
        }
        var parser = LogPolicyParser()
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            parser.line = offset + 1
            try parser.take(line)
        }
        self = try parser.policy()
    }
}

private struct LogPolicyParser {
    var line = 0
    private var logs: [LogPolicy.Log] = []
    private var witnesses: [LogPolicy.Witness] = []
    private var groups: [LogPolicy.Group] = []
    /// The outer value says whether there was such a line.
    private var quorum: String??
    private var members: Set<String> = []

    mutating func take(_ text: Substring) throws(PolicyError) {
        let words = policyWords(text)
        switch words.first {
        case nil: return
        case "log" where (2...3).contains(words.count): try takeLog(words)
        case "witness" where (3...4).contains(words.count): try takeWitness(words)
        case "group" where words.count >= 4: try takeGroup(words)
        case "quorum" where words.count == 2: try takeQuorum(String(words[1]))
        default: throw fault(zh: "无法识别的一行", en: "The line is none of a policy's")
        }
    }

    private mutating func takeLog(_ words: [Substring]) throws(PolicyError) {
        logs.append(LogPolicy.Log(key: try key(words[1], .ed25519), url: words.dropFirst(2).first.map { String($0) }))
    }

    private mutating func takeWitness(_ words: [Substring]) throws(PolicyError) {
        let url = words.dropFirst(3).first.map { String($0) }
        let name = try newName(words[1])
        witnesses.append(LogPolicy.Witness(name: name, key: try key(words[2], .cosignature), url: url))
    }

    private mutating func takeGroup(_ words: [Substring]) throws(PolicyError) {
        let name = try newName(words[1])
        let names = words[3...].map { String($0) }
        for member in names {
            guard isKnown(member) else { throw fault(zh: "成员尚未定义", en: "A member is not defined before the group") }
            guard members.insert(member).inserted else {
                throw fault(zh: "成员已属于另一个组", en: "A member is in a group already")
            }
        }
        let threshold: Int? =
            switch words[2] {
            case "any": 1
            case "all": names.count
            default: decimal(words[2]).flatMap { Int(exactly: $0) }
            }
        guard let threshold, (1...names.count).contains(threshold) else {
            throw fault(zh: "门限须为 1 至成员数，或 any、all", en: "The threshold is 1 to the number of members, any or all")
        }
        groups.append(LogPolicy.Group(name: name, threshold: threshold, members: names))
    }

    private mutating func takeQuorum(_ name: String) throws(PolicyError) {
        guard quorum == nil else { throw fault(zh: "quorum 只能有一行", en: "There is one quorum line") }
        guard name == "none" || isKnown(name) else { throw fault(zh: "quorum 所指未定义", en: "The quorum is not defined") }
        quorum = .some(name == "none" ? nil : name)
    }

    private func isKnown(_ name: String) -> Bool {
        witnesses.contains { $0.name == name } || groups.contains { $0.name == name }
    }

    private func newName(_ text: Substring) throws(PolicyError) -> String {
        let name = String(text)
        guard name != "none", !isKnown(name) else { throw fault(zh: "名称已被使用", en: "The name is taken") }
        return name
    }

    private func key(_ text: Substring, _ algorithm: NoteAlgorithm) throws(PolicyError) -> VerifierKey {
        guard let key = VerifierKey(parsing: text), key.algorithm == algorithm else {
            throw fault(zh: "公钥无法识别，或不是此处所用的类型", en: "The key cannot be read, or is of another kind")
        }
        // A witness's message does not hold its name: one key under two names would count twice.
        let isTaken = (logs.map(\.key) + witnesses.map(\.key)).contains { $0.publicKey == key.publicKey }
        guard !isTaken else { throw fault(zh: "公钥重复出现", en: "The key occurs twice") }
        return key
    }

    private func fault(zh: String, en: String) -> PolicyError { PolicyError(line, zh: zh, en: en) }

    func policy() throws(PolicyError) -> LogPolicy {
        guard let quorum else { throw PolicyError(0, zh: "缺少 quorum 一行", en: "There is no quorum line") }
        return LogPolicy(logs: logs, witnesses: witnesses, groups: groups, quorum: quorum)
    }
}

/// The words of a line before `#`, which only spaces and tabs separate.
func policyWords(_ line: Substring) -> [Substring] {
    line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
}

extension PolicyError {
    init(_ line: Int, zh: String, en: String) {
        self.init(line: line, detail: LocalizedText(zh: zh, en: en))
    }
}
