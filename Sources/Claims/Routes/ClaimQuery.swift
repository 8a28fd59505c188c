import Core
import Identity
import Web

// What lists of this slice may be asked for. What is asked is read before anybody looks at who asks: whoever sees no
// more than his own is told of a mistake, too.
extension Call {
    /// Of a person, or of the organisation whose program handles it; in characters.
    private static let handlerLength = 64

    /// - Throws: `invalidQuery`.
    func asked<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = read(text) else {
            let (zh, en) = ("标识格式不对", "Not an identifier")
            throw Failure(.invalidQuery, faults: [Fault("/query/\(name)", "id_format", zh: zh, en: en)])
        }
        return value
    }

    /// - Throws: `invalidQuery`.
    func askedDealer() throws -> String? { try asked("dealer") { OrganizationID($0)?.text } }

    /// Whose work is looked for; `me` is whoever asks.
    ///
    /// - Throws: `invalidQuery`.
    func askedHandler() throws -> String? {
        try asked("handler") { $0.unicodeScalars.count <= Call.handlerLength ? $0 : nil }
    }
}
