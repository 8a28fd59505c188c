import Accounts
import Core
import HTTPTypes
import Identity
import Jobs
import Storage
import Web

// What finance looks after: the book, and work that came to nothing.
extension ClaimService {
    /// The book has room for so much.
    private static let reasonLength = 1...100
    private static let referenceLength = 1...40

    var bookEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/book/trial-balance",
                query: ["date"],
                authorize: Policy.authorize(.bookRead),
                handler: trialBalance
            ),
            Endpoint(
                .get,
                "/v1/book/accounts/{account}",
                authorize: Policy.authorize(.bookRead),
                handler: account
            ),
            Endpoint(
                .get,
                "/v1/book/accounts/{account}/postings",
                query: Page.query,
                authorize: Policy.authorize(.bookRead),
                handler: postings
            ),
            Endpoint(
                .post,
                "/v1/book/fundings",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.bookPost),
                handler: fund
            ),
            Endpoint(
                .post,
                "/v1/dealers/{id}/deposit",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.bookPost),
                handler: takeDeposit
            ),
            Endpoint(
                .get,
                "/v1/jobs/dead",
                query: Page.query,
                authorize: Policy.authorize(.jobRead),
                handler: deadJobs
            ),
            Endpoint(
                .post,
                "/v1/jobs/{job}/retry",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.jobRetry),
                handler: retry
            ),
        ]
    }

    // MARK: The book

    /// Of today, where no other day is asked for.
    private func trialBalance(_ call: Call) async throws -> Reply {
        let asked = try call.query["date"].map { text -> CalendarDate in
            guard let day = CalendarDate(text) else {
                let (zh, en) = ("日期格式为 2026-03-01", "A date is written 2026-03-01")
                throw Failure(.invalidQuery, faults: [Fault("/query/date", "date_format", zh: zh, en: en)])
            }
            return day
        }
        return try await database.read { tx in
            let day = asked ?? tx.now.dateInChina
            let lines = try Book.trialBalance(tx, on: day).map(\.json)
            let json: JSON = ["date": JSON(day), "lines": .array(lines)]
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }

    private func account(_ call: Call) async throws -> Reply {
        let name = try call.account()
        return try await database.read { tx in
            guard let account = try Book.account(tx, name) else { throw Failure(.notFound) }
            return Reply.json(account.json).withETag(Identity.entityTag(version: account.postingCount, account.json))
        }
    }

    /// The newest first.
    private func postings(_ call: Call) async throws -> Reply {
        let name = try call.account()
        let page = try call.page()
        let before = page.position.flatMap { Int64($0) } ?? .max
        return try await database.read { tx in
            guard try Book.account(tx, name) != nil else { throw Failure(.notFound) }
            let lines = try Book.statement(tx, of: name, before: before, limit: page.limit + 1)
            return call.list(lines, on: page, position: { "\($0.seq)" }, json: \.json)
        }
    }

    /// What the owner puts into the fund that buyers are paid from first.
    private func fund(_ call: Call) async throws -> Reply {
        let transfer = try call.read(ClaimService.transfer)
        return try await post(call) { tx, by in
            try Book.fund(tx, transfer.amount, transfer.occasion(by: by)).journal
        }
    }

    /// What a dealer leaves with the platform.
    private func takeDeposit(_ call: Call) async throws -> Reply {
        guard let id = OrganizationID(try call.parameter("id")) else { throw Failure(.notFound) }
        let transfer = try call.read(ClaimService.transfer)
        return try await post(call) { tx, by in
            guard try Organizations.find(tx, id)?.kind == .dealer else { throw Failure(.notFound) }
            return try Book.deposit(tx, by: id.text, transfer.amount, transfer.occasion(by: by)).journal
        }
    }

    private func post(
        _ call: Call,
        _ posting: @escaping @Sendable (any Transaction, String) throws -> Journal
    ) async throws -> Reply {
        let by = try call.requirePrincipal().credential
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                Reply.json(try posting(tx, by).json, status: .created)
            }
        }
    }

    private struct Transfer: Sendable {
        let reference: String
        let amount: Money
        let why: String

        func occasion(by person: String) -> Occasion { Occasion(reference, reason: why, by: person) }
    }

    /// The bank's reference: of what is told twice nothing comes twice.
    private static func transfer(_ reader: inout ObjectReader) -> Transfer? {
        let reference = reader.line("reference", length: referenceLength)
        let amount = reader.money("amount", fen: 1...Money.maximumFen)
        let why = reader.line("why", length: reasonLength)
        guard let reference, let amount, let why else { return nil }
        return Transfer(reference: reference, amount: amount, why: why)
    }

    // MARK: Jobs

    /// The newest first.
    private func deadJobs(_ call: Call) async throws -> Reply {
        let page = try call.page()
        return try await database.read { tx in
            let last = try page.position.flatMap { JobID($0) }.flatMap { try Jobs.find(tx, $0) }
            let jobs = try Jobs.dead(tx, after: last, limit: page.limit + 1)
            return call.list(jobs, on: page, position: \.id.text, json: \.json)
        }
    }

    private func retry(_ call: Call) async throws -> Reply {
        try call.requireEmptyObject()
        guard let id = JobID(try call.parameter("job")) else { throw Failure(.jobNotFound) }
        let principal = try call.requirePrincipal()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let job = try Jobs.retry(tx, id)
                let note = AuditEntry(
                    chain: principal.organization,
                    action: Action.jobRetry.rawValue,
                    origin: Origin(call),
                    subject: id.text
                )
                _ = try AuditTrail.append(tx, note)
                return Reply.json(job.json)
            }
        }
    }
}

extension Call {
    /// - Throws: `notFound` for what is no name of an account.
    fileprivate func account() throws -> AccountName {
        guard let name = AccountName(try parameter("account")) else { throw Failure(.notFound) }
        return name
    }
}
