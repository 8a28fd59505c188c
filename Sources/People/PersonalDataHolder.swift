package import Core
package import Identity
package import Storage

/// A slice that holds something of a person besides what is in the vault. It joins the list in the composition, so that
/// an export is whole and an erasure leaves nothing.
package protocol PersonalDataHolder: Sendable {
    /// The member of the export that it fills, such as `outbox`.
    var name: String { get }

    /// Everything that it holds of the person. Sealed texts are opened through the vault, which logs it.
    func export(_ tx: any Transaction, _ subject: SubjectID, by origin: Origin) throws -> JSON

    /// Deletes what names the person, in the transaction that destroys his key.
    func erase(_ tx: any Transaction, _ subject: SubjectID) throws
}
