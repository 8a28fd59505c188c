/// Why a payload may be erased: the cases of the Personal Information Protection Law (个人信息保护法) art. 47, first
/// paragraph, and an order that binds us.
package enum ErasureGround: String, Sendable, Hashable, CaseIterable {
    /// (1) The purpose is achieved, cannot be achieved, or no longer needs it.
    case purposeFulfilled = "purpose_fulfilled"
    /// (2) The service has ended or the retention period is over.
    case retentionEnded = "retention_ended"
    /// (3) The person withdrew consent.
    case consentWithdrawn = "consent_withdrawn"
    /// (4) It was processed against the law or an agreement.
    case unlawfulProcessing = "unlawful_processing"
    /// (5) Another law or regulation requires it.
    case otherLaw = "other_law"
    /// A court's or an authority's order.
    case order
}
