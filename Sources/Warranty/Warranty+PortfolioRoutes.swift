import Core
import Cryptography
import HTTPTypes
import Identity
import Storage
import Tabular
import Web

extension WarrantyService {
    var portfolioEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/warranty/portfolio",
                query: ["as_of"],
                produces: ["application/json", "text/csv", "text/html"],
                authorize: Policy.authorize(.warrantyRead),
                handler: portfolio
            ),
            Endpoint(
                .get,
                "/v1/warranty/settlement",
                query: ["insurer", "month"],
                produces: ["text/csv"],
                authorize: Policy.authorize(.warrantyRead),
                handler: settlement
            ),
        ]
    }

    /// A dealer's own contracts; all there are for the platform and its auditors.
    private func owner(of call: Call) throws -> String? {
        let principal = try call.requirePrincipal()
        return principal.role == .dealer ? principal.organization : nil
    }

    // MARK: Portfolio

    private func portfolio(_ call: Call) async throws -> Reply {
        let owner = try owner(of: call)
        let asked = try call.query["as_of"].map { text in
            guard let date = CalendarDate(text) else { throw WarrantyService.badDate("as_of") }
            return date
        }
        return try await database.read { tx in
            let positions = try positions(tx, of: owner)
            let portfolio = try Portfolio(positions, asOf: asked ?? tx.now.dateInChina)
            switch call.mediaType {
            case "text/csv": return WarrantyService.csv(portfolio.csv, named: "portfolio-\(portfolio.asOf).csv")
            case "text/html":
                let page = PortfolioPage(portfolio: portfolio, language: call.language)
                return Reply(
                    .ok,
                    headers: [.contentType: "text/html; charset=utf-8"],
                    body: .bytes(Array(page.html.utf8))
                ).with(.contentSecurityPolicy, PortfolioPage.contentSecurityPolicy)
            default: return .json(portfolio.json)
            }
        }
    }

    private func positions(_ tx: any Transaction, of owner: String?) throws -> [Portfolio.Position] {
        var positions: [Portfolio.Position] = []
        var last = ""
        while true {
            let ids = try WarrantyStore.ids(tx, of: owner, after: last, limit: WarrantyLimits.batch)
            for id in ids {
                let warranty = try warranties.get(tx, id) { _ in true }
                positions.append(
                    Portfolio.Position(
                        contract: warranty.contract,
                        accounts: try LimitStore.accounts(tx, warranty),
                        odometerKm: warranty.terms.sale.odometerKm
                    )
                )
            }
            guard let end = ids.last, ids.count == WarrantyLimits.batch else { return positions }
            last = end.text
        }
    }

    // MARK: Settlement

    /// What is owed to an insurer for what was sold in a month, a line a policy.
    private func settlement(_ call: Call) async throws -> Reply {
        let owner = try owner(of: call)
        guard let month = call.query["month"], let start = CalendarDate("\(month)-01") else {
            throw WarrantyService.badDate("month")
        }
        let insurer = call.query["insurer"]
        let end = start.adding(months: 1).adding(days: -1)
        return try await database.read { tx in
            let sold = try positions(tx, of: owner).map(\.contract).filter {
                $0.paidOn.map { $0 >= start && $0 <= end } ?? false
            }
            let lines = sold.flatMap(\.settlementLines).filter { insurer == nil || $0[2] == insurer }
            var writer = CSVWriter(startsWithMark: true)
            writer.write(Contract.settlementHeadings)
            for line in lines { writer.write(line) }
            return WarrantyService.csv(writer.bytes, named: "settlement-\(month).csv")
        }
    }

    private static func badDate(_ name: String) -> Failure {
        let (zh, en) = ("须为日期或月份，格式 YYYY-MM-DD 或 YYYY-MM", "Must be a day, YYYY-MM-DD, or a month, YYYY-MM")
        return Failure(.invalidQuery, faults: [Fault("/query/\(name)", "date_format", zh: zh, en: en)])
    }

    private static func csv(_ bytes: [UInt8], named name: String) -> Reply {
        Reply(.ok, headers: [.contentType: "text/csv; charset=utf-8"], body: .bytes(bytes))
            .with(.contentDisposition, "attachment; filename=\"\(name)\"")
    }
}

extension Portfolio {
    /// A line a month, amounts in yuan as they are paid.
    var csv: [UInt8] {
        var writer = CSVWriter(startsWithMark: true)
        writer.write(["month", "written_yuan", "earned_yuan", "refunded_yuan", "unearned_yuan"])
        for month in months {
            let amounts = [month.written, month.earned, month.refunded, month.unearned]
            writer.write([String(month.start.description.prefix(7))] + amounts.map(\.plain))
        }
        return writer.bytes
    }
}

extension Money {
    /// `1980.00`, for programs.
    fileprivate var plain: String {
        let cents = fen.magnitude % 100
        return "\(fen < 0 ? "-" : "")\(fen.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}

extension Contract {
    fileprivate static let settlementHeadings = [
        "warranty", "vin", "insurer", "policy_number", "product", "from", "until", "limit_odometer_km", "price_yuan",
        "premium_yuan", "commission_yuan", "status", "ended_on", "refund_yuan",
    ]

    /// The insurer's duties of this contract, apart from the platform's.
    fileprivate var settlementLines: [[String]] {
        terms.layers(of: .insurer).compactMap { layer in
            guard let policy = layer.policy else { return nil }
            let refund = ending?.refunds.first { $0.layer == layer.id }?.refund ?? .zero
            return [
                terms.id.text, terms.sale.vin.text, policy.insurer, policy.number, layer.id,
                layer.period.start.description, layer.period.end.description, "\(layer.period.endKm)",
                layer.price.plain,
                policy.premium.plain, policy.commission.plain, ending?.kind.rawValue ?? "in_force",
                ending?.date.description ?? "", refund.plain,
            ]
        }
    }
}
