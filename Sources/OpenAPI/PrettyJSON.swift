import Core

extension JSON {
    /// For reading: a line a member. Short values without structure stay on one line.
    func pretty(indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .array(let elements) where !isShort:
            let lines = elements.map { inner + $0.pretty(indent: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !isShort:
            let lines = members.map { member in
                "\(inner)\(JSON.string(member.name).compact): \(member.value.pretty(indent: inner))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default:
            return compact
        }
    }

    private var compact: String { String(decoding: bytes, as: UTF8.self) }

    private var isShort: Bool {
        let maximumCharacters = 60
        return compact.count <= maximumCharacters
    }
}
