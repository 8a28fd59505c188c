/// The engines, where they cannot be told the same thing. Statements are written once, for all of them; only the schema
/// has a text for each.
package enum Dialect: String, Sendable, Hashable, CaseIterable {
    case sqlite
    case postgres
}
