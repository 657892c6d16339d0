// libsrtp 3's interface, as far as mediasoup's worker calls it, on top of libsrtp 2.5.
//
// Version 3 gives `srtp_policy_t` another meaning (an opaque pointer) and separates the input and output
// buffers of protect and unprotect. The version 2 struct is renamed while its header is read; everything
// else is a C++ overload beside version 2's function of the same name.
#ifndef SHOUWANG_SRTP3_ON_SRTP2_H
#define SHOUWANG_SRTP3_ON_SRTP2_H

#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

// Status codes that version 2 does not have, with version 3's numbers.
inline constexpr srtp_err_status_t srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr srtp_err_status_t srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

// One stream policy with the key that it points to.
struct shouwang_srtp_policy
{
	srtp2_policy_t v2;
	unsigned char key[SRTP_MAX_KEY_LEN];
};

using srtp_policy_t = shouwang_srtp_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	if (!policy)
	{
		return srtp_err_status_bad_param;
	}

	*policy = new (std::nothrow) shouwang_srtp_policy();

	if (!*policy)
	{
		return srtp_err_status_alloc_fail;
	}

	(*policy)->v2.key = (*policy)->key;

	return srtp_err_status_ok;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (!policy)
	{
		return;
	}

	// Through a volatile pointer, so that wiping the key is not optimised away.
	volatile unsigned char* key = policy->key;

	for (size_t i = 0; i < sizeof(policy->key); ++i)
	{
		key[i] = 0;
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->v2.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const srtp_err_status_t status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->v2.rtp, profile);

	if (status != srtp_err_status_ok)
	{
		return status;
	}

	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->v2.rtcp, profile);
}

// Version 2 wants the master key with the salt right behind it. Key identifiers (MKI) are not used by WebRTC.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	if (!key || !salt || mki || mkiLen != 0 || keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memset(policy->key, 0, sizeof(policy->key));
	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->v2.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t windowSize)
{
	policy->v2.window_size = windowSize;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	// Version 2 copies the policy and derives the session keys here: it keeps no pointer to it.
	return srtp_create(session, static_cast<const srtp2_policy_t*>(&policy->v2));
}

// Both versions take the SSRC in network order.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace shouwang_srtp
{
	// Runs one of version 2's in-place calls on separate buffers. `trailer` is what the call may append at most.
	template<typename InPlace>
	inline srtp_err_status_t call(
	  InPlace inPlace, srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t trailer)
	{
		if (inLen > static_cast<size_t>(std::numeric_limits<int>::max()) - trailer)
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < inLen + trailer)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memmove(out, in, inLen);
		}

		int len = static_cast<int>(inLen);
		const srtp_err_status_t status = inPlace(ctx, out, &len);

		if (status == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(len);
		}

		return status;
	}

	using InPlaceCall = srtp_err_status_t (*)(srtp_t, void*, int*);
} // namespace shouwang_srtp

inline srtp_err_status_t srtp_protect(
  srtp_t ctx, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return shouwang_srtp::call(
	  static_cast<shouwang_srtp::InPlaceCall>(&srtp_protect), ctx, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(srtp_t ctx, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return shouwang_srtp::call(
	  static_cast<shouwang_srtp::InPlaceCall>(&srtp_unprotect), ctx, srtp, srtpLen, rtp, rtpLen, 0);
}

// SRTCP appends its index (RFC 3711, 3.4: E flag and 31 bits) besides the tag.
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return shouwang_srtp::call(
	  static_cast<shouwang_srtp::InPlaceCall>(&srtp_protect_rtcp),
	  ctx,
	  rtcp,
	  rtcpLen,
	  srtcp,
	  srtcpLen,
	  SRTP_MAX_TRAILER_LEN + sizeof(uint32_t));
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return shouwang_srtp::call(
	  static_cast<shouwang_srtp::InPlaceCall>(&srtp_unprotect_rtcp), ctx, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}

#endif
