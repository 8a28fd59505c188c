import Core
import HTTPTypes
import Identity
import Storage
import Web

extension ValuationService {
    var backtestEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/pricing/backtest",
                authorize: Policy.authorize(.pricingRead),
                handler: backtest
            )
        ]
    }

    private func backtest(_ call: Call) async throws -> Reply {
        let published = try await database.read { try Outcomes.published($0, on: $0.now.dateInChina) }
        return .json(published.json)
    }
}
