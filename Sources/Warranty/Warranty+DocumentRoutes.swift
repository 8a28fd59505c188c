import Core
import Cryptography
import HTTPTypes
import Identity
import Storage
import Web

extension WarrantyService {
    var documentEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/warranties/{id}/document",
                produces: ["text/html", "text/plain"],
                authorize: Policy.authorize(.warrantyRead),
                handler: document
            )
        ]
    }

    /// In the caller's language; the Chinese text is the one whose hash is on the car's history.
    private func document(_ call: Call) async throws -> Reply {
        let id = try call.warranty()
        let language: ContractText.Language = call.language == .chinese ? .zh : .en
        return try await database.read { tx in
            let warranty = try warranties.get(tx, id) { Policy.attends(call.principal, to: $0.dealer.text) }
            let book = try warranties.editions.edition(tx, warranty.terms.bookHash)
            let text = book.text(of: warranty.terms, in: language)
            // What was sold is what was stored: a program that writes it otherwise today shows nothing.
            guard try WarrantyStore.text(tx, of: id, in: language) == text.text else {
                throw StoredDataError("the text of a warranty is not what was sold")
            }
            return reply(call, warranty, text)
        }
    }

    private func reply(_ call: Call, _ warranty: StoredWarranty, _ text: ContractText) -> Reply {
        guard call.mediaType == "text/html" else {
            return Reply(
                .ok,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .bytes(Array(text.text.utf8))
            ).withETag(text.hash.hex)
        }
        let page = ContractPage(
            warranty: warranty,
            text: text,
            entryURL: "\(publicURL)/v1/entries/\(warranty.entry.hex)"
        )
        let bytes = Array(page.html.utf8)
        return Reply(.ok, headers: [.contentType: "text/html; charset=utf-8"], body: .bytes(bytes))
            .withETag(SHA256.hash(bytes).hex)
            .with(.contentSecurityPolicy, ContractPage.contentSecurityPolicy)
    }
}
