package import Core
package import Identity
package import Storage

/// A sort of thing that organisations are told. Declared once, by the slice that tells it; its name is part of the
/// API's contract.
package struct NoticeType: Sendable, Hashable {
    /// As `claim.proposed`: lower case, with a dot, without spaces.
    package let name: String
    package let title: LocalizedText

    package init(_ name: String, zh: String, en: String) {
        self.name = name
        title = LocalizedText(zh: zh, en: en)
    }

    package static let webhookDisabled = NoticeType(
        "webhook.disabled",
        zh: "一个接收地址已被停用",
        en: "An address that events are sent to was disabled"
    )

    /// Those of this slice.
    package static let watches = [webhookDisabled]
}

/// What slices have to say to an organisation, sent to those of its watches of kind `notices` that want this type.
package enum Notices {
    /// Belongs into the transaction of what is told: it is sent when that is committed, at least once, and in the order
    /// in which it was told to each watch.
    ///
    /// - Parameter data: the members of `data` in the body, behind `watch` and `sequence`.
    /// - Returns: how many watches are told.
    @discardableResult
    package static func enqueue(
        _ tx: any Transaction,
        organization: OrganizationID,
        type: NoticeType,
        data: JSON
    ) throws -> Int {
        let members = data.members ?? []
        guard data.bytes.count <= WatchLimits.noticeBytes else { throw StoredDataError("a notice is too large") }
        // In the order of their identifiers: two who tell several wait for each other in one direction only.
        let watches = try WatchStore.page(tx, of: organization.text, after: "", limit: WatchLimits.perOrganization)
        let told = try watches.filter { $0.subject.types?.contains(type.name) == true }.map { watch in
            try Deliveries.make(tx, Deliveries.Content(type: type.name, data: members), for: watch)
        }
        return told.compactMap { $0 }.count
    }
}
