#ifndef PDX_ASSOCIATION_HPP
#define PDX_ASSOCIATION_HPP

#include "Listener.hpp"
#include "NetworkMessage.hpp"

#include "dcmtk/dcmnet/assoc.h"

#include <map>
#include <string>
#include <vector>

namespace pdx {

/// A presentation context that was accepted.
struct Context {
    std::string abstract_syntax;
    std::string transfer_syntax;
};

/// One association on the accepting side, on its own thread.
class Association {
public:
    explicit Association(Connection &connection);
    ~Association();
    Association(const Association &) = delete;
    Association &operator=(const Association &) = delete;

    void run();

private:
    // AssociationNegotiation.cpp
    bool negotiate();
    bool read_first_head();
    bool receive_request();
    void describe();
    pdx_admission admit();
    void accept_contexts();
    void refuse(const pdx_admission &admission);

    // AssociationServe.cpp
    void serve_messages();
    Arrival handle(uint8_t context, const Command &command);
    Arrival handle_store(uint8_t context, const Command &command);
    Arrival store(uint8_t context, const pdx_store_request &request, pdx_response &response);
    Arrival receive_file(
        uint8_t context, const pdx_store_request &request, const pdx_store_decision &decision,
        pdx_response &response);
    bool respond(uint8_t context, const Command &command, const pdx_response &response);
    void end(Arrival arrival);
    void notify(int32_t kind, const char *detail = "", pdx_admission admission = {}) noexcept;

    Connection &connection_;
    Listener &listener_;
    Channel &channel_;
    T_ASC_Network *network_ = nullptr;
    T_ASC_Association *association_ = nullptr;
    std::unique_lock<std::mutex> handing_;
    AcceptedTransport transport_;
    std::map<uint8_t, Context> contexts_;
    bool was_open_ = false;
    uint64_t stored_ = 0;
    uint64_t failed_ = 0;
};

/// Whether an abstract syntax is taken for a storage SOP class: those that DCMTK knows, all below
/// 1.2.840.10008.5.1.4.1.1 (newer ones than DCMTK), and every private one, since nothing but a C-STORE is done with it.
bool is_storage(const std::string &abstract_syntax);

/// Which of the transfer syntaxes that a peer proposes for one context is taken: uncompressed ones before all others,
/// then lossless ones that can be decoded here, then the one that the peer names first. Empty where none is a UID.
std::string preferred_syntax(const std::vector<std::string> &proposed);

/// Text without trailing blanks and NULs.
std::string trimmed(const char *text);

}  // namespace pdx

#endif
