export {
  type GoldenpathPolicyService,
  goldenpathPolicyServiceRef,
} from './goldenpathPolicyServiceRef';
