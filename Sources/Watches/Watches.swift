import Core
package import Cryptography
package import History
import Identity
import Jobs
import Storage

/// The verbs on watches. Each is called inside a transaction, and leaves its record in the audit trail there.
package struct Watches: Sendable {
    /// `KeyMaterial.webhookKey`.
    private let wrapping: SecretBytes

    package init(wrapping: SecretBytes) {
        self.wrapping = wrapping
    }

    /// For `Histories`: what an append writes for those who watch the car.
    package static let listener = EntryListener(question: WatchStore.watchers) { heard, vin, count in
        try heard.map { WatchStore.noteAppended(to: try $0.text(0), vin: vin, count: count) }
    }

    // MARK: Changes

    /// - Throws: `Failure.tooManyWatches`.
    func create(
        _ tx: any Transaction,
        _ draft: Watch.Draft,
        of organization: OrganizationID,
        from origin: Origin
    ) throws -> (watch: Watch, secret: WebhookSecret) {
        try refuseTooMany(tx, draft.subject, of: organization)
        let (id, secret) = (WatchID(at: tx.now), WebhookSecret.random())
        let now = tx.now.truncatedToMilliseconds
        let watch = Watch(
            id: id,
            organization: organization,
            subject: draft.subject,
            name: draft.name,
            url: draft.url,
            state: .active,
            stateSince: now,
            secrets: Watch.SealedSecrets(current: try secret.sealed(by: wrapping, for: id)),
            sequence: 0,
            version: 1,
            createdAt: now
        )
        // Held until the watch is there: who is writing at this moment comes before.
        let head = try draft.subject.vin.flatMap { try Histories.lockedHead(tx, vin: $0) }
        try WatchStore.insert(tx, watch)
        if let vin = draft.subject.vin, let head { try WatchStore.begin(tx, id, vin: vin, at: head) }
        try Watches.note(tx, watch, Action.watchCreate.rawValue, from: origin, detail: detail(of: watch))
        return (watch, secret)
    }

    private func refuseTooMany(
        _ tx: any Transaction,
        _ subject: Watch.Subject,
        of organization: OrganizationID
    ) throws {
        let all = try WatchStore.page(tx, of: organization.text, after: "", limit: WatchLimits.perOrganization)
        guard all.count < WatchLimits.perOrganization else { throw Failure(.tooManyWatches) }
        guard subject.kind == .vehicle else { return }
        guard all.count(where: { $0.subject == subject }) < WatchLimits.perVehicle else {
            throw Failure(
                .tooManyWatches,
                zh: "同一辆车最多 \(WatchLimits.perVehicle) 个关注",
                en: "One car may be watched \(WatchLimits.perVehicle) times"
            )
        }
    }

    func update(
        _ tx: any Transaction,
        _ watch: Watch,
        _ patch: Watch.Patch,
        from origin: Origin
    ) throws -> Watch {
        var changed = watch
        if case .set(let name) = patch.name { changed.name = name }
        if case .set(let url) = patch.url { changed.url = url }
        if let state = patch.state { changed.state = state }
        guard changed != watch else { return watch }
        if changed.state != watch.state { changed.stateSince = tx.now.truncatedToMilliseconds }
        // A new address begins with a clean slate, and so does whoever sets it going again.
        if changed.url != watch.url || changed.state != watch.state { changed.failingSince = nil }
        changed.version += 1
        try WatchStore.update(tx, changed)
        if changed.url == nil {
            try DeliveryStore.keep(tx, of: watch.id)
        } else if changed.state == .active {
            try Watches.resume(tx, watch.id)
        }
        try Watches.note(tx, changed, Action.watchUpdate.rawValue, from: origin, detail: detail(of: changed))
        return changed
    }

    /// What waits is sent now, whatever came of it before.
    static func resume(_ tx: any Transaction, _ id: WatchID) throws {
        try DeliveryStore.beginAnew(tx, of: id)
        try Jobs.awaken(tx, WebhookSender.kind, key: id.text)
        try Jobs.reschedule(tx, WebhookSender.kind, key: id.text, to: tx.now)
    }

    func delete(_ tx: any Transaction, _ watch: Watch, from origin: Origin) throws {
        try WatchStore.delete(tx, watch.id)
        try Jobs.cancel(tx, WebhookSender.kind, key: watch.id.text)
        try Watches.note(tx, watch, "watch.delete", from: origin)
    }

    /// The secret until now signs beside the new one for a day.
    func rotate(
        _ tx: any Transaction,
        _ watch: Watch,
        from origin: Origin
    ) throws -> (watch: Watch, secret: WebhookSecret) {
        let secret = WebhookSecret.random()
        var changed = watch
        changed.secrets = Watch.SealedSecrets(
            current: try secret.sealed(by: wrapping, for: watch.id),
            former: .init(
                sealed: watch.secrets.current,
                until: tx.now.truncatedToMilliseconds.adding(seconds: WatchLimits.formerSecretSeconds)
            )
        )
        changed.version += 1
        try WatchStore.update(tx, changed)
        try Watches.note(tx, changed, "watch.rotate_secret", from: origin)
        return (changed, secret)
    }

    /// By the platform itself, because of what the receiver answers.
    static func disable(_ tx: any Transaction, _ watch: Watch, _ reason: Watch.State.Reason) throws {
        var changed = watch
        changed.state = .disabled(reason)
        changed.stateSince = tx.now.truncatedToMilliseconds
        changed.version += 1
        try WatchStore.update(tx, changed)
        try note(tx, changed, "watch.disable", from: .system, detail: [.init("reason", JSON(reason.rawValue))])
        try Notices.enqueue(
            tx,
            organization: watch.organization,
            type: .webhookDisabled,
            data: [
                "disabled_watch": JSON(watch.id), "url": .optional(watch.url, JSON.string),
                "reason": JSON(reason.rawValue),
            ]
        )
    }

    // MARK: Signing

    /// One signature for each secret that is valid, apart by spaces.
    func signatures(_ watch: Watch, id: DeliveryID, seconds: Int64, body: [UInt8], at now: Instant) throws -> String {
        let sealed = [watch.secrets.current] + [watch.secrets.former(at: now)?.sealed].compactMap { $0 }
        return try sealed.map { sealed in
            try WebhookSecret(opening: sealed, by: wrapping, for: watch.id)
                .signature(id: id.text, seconds: seconds, body: body)
        }.joined(separator: " ")
    }

    // MARK: The trail

    private func detail(of watch: Watch) -> [JSON.Member] {
        [
            .init("kind", JSON(watch.subject.kind.rawValue)), .init("state", JSON(watch.state.name)),
            .init("url", .optional(watch.url, JSON.string)),
        ]
    }

    private static func note(
        _ tx: any Transaction,
        _ watch: Watch,
        _ action: String,
        from origin: Origin,
        detail: [JSON.Member] = []
    ) throws {
        let entry = AuditEntry(
            chain: watch.organization.text,
            action: action,
            origin: origin,
            subject: watch.id.text,
            detail: detail
        )
        try AuditTrail.append(tx, entry)
    }
}
